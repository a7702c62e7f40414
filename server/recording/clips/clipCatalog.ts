import type { VideoFacts, VideoStatus } from '../../../shared/model/entry.ts';

/** An entry as far as clips are concerned. */
export interface CatalogEntry {
  readonly id: string;
  readonly type: 'live' | 'manual' | 'video';
  readonly name: string;
  readonly profileId: string | null;
  readonly video: CatalogVideo | null;
}

interface CatalogVideo {
  readonly status: VideoStatus;
  readonly rootEntryId: string | null;
  readonly trimmed: boolean;
}

interface NewVideo extends VideoFacts {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly createdBy?: string | null;
  readonly retentionDays: number | null;
  readonly profileId: string | null;
}

/** Where entries are kept. */
export interface ClipCatalog {
  get(id: string): Promise<CatalogEntry | undefined>;
  createVideo(video: NewVideo): Promise<{ readonly id: string }>;
  /** Undefined when there is no such video. */
  setVideo(
    id: string,
    changes: {
      readonly status?: VideoStatus;
      readonly progress?: null;
      readonly failure?: string;
      readonly durationMs?: number;
      readonly trimmed?: boolean;
    },
  ): Promise<object | undefined>;
  /** Clips that are still being made. */
  unfinishedClips(): Promise<readonly string[]>;
}

/** It may have media that can be cut. */
export function clippable({ type, video }: CatalogEntry): boolean {
  return type === 'live' || video?.status === 'ready' || video?.status === 'recording';
}
