import type { VideoOrigin, VideoStatus } from '../../../shared/model/entry.ts';

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

interface NewVideo {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly createdBy?: string | null;
  readonly retentionDays: number | null;
  readonly profileId: string | null;
  readonly origin: VideoOrigin;
  readonly status: VideoStatus;
  readonly progress: number | null;
  readonly failure: string | null;
  readonly durationMs: number;
  readonly sourceEntryId: string | null;
  readonly rootEntryId: string | null;
  readonly trimmed: boolean;
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
      readonly durationMs?: number;
      readonly trimmed?: boolean;
    },
  ): Promise<object | undefined>;
  delete(id: string): Promise<boolean>;
  /** Clips that are still being made. */
  unfinishedClips(): Promise<readonly string[]>;
}

/** It may have media that can be cut. */
export function clippable({ type, video }: CatalogEntry): boolean {
  return type === 'live' || video?.status === 'ready' || video?.status === 'recording';
}
