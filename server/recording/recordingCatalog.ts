import type { Recording, VideoOrigin, VideoStatus } from '../../shared/model/entry.ts';
import type { RecordingMode } from './recordingRules.ts';

interface Video {
  readonly origin: VideoOrigin;
  readonly status: VideoStatus;
  readonly progress: number | null;
  readonly failure: string | null;
  readonly durationMs: number;
  readonly sourceEntryId: string | null;
  readonly rootEntryId: string | null;
  readonly trimmed: boolean;
}

/** What recordings need to know of an entry. */
export interface CatalogEntry {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly createdBy: string | null;
  readonly profileId: string | null;
  readonly recording: Recording;
  readonly retentionDays: number | null;
  readonly video: Video | null;
}

export type NewVideo = Video & Omit<CatalogEntry, 'id' | 'recording' | 'video'>;

/** The entries of the catalog. */
export interface RecordedEntries {
  get(id: string): Promise<CatalogEntry | undefined>;
  createVideo(video: NewVideo): Promise<CatalogEntry>;
  setVideo(id: string, changes: Partial<Video>): Promise<unknown>;
  delete(id: string): Promise<boolean>;
  /** Videos that say they are being recorded. */
  idsRecording(): Promise<string[]>;
}

/** What was recorded of which entry. */
export interface KnownRecording {
  readonly entryId: string;
  readonly sourceEntryId: string;
  readonly mode: RecordingMode;
  /** Among the recordings of its source, from 1. */
  readonly number: number;
  /** The last broadcast that is in it, and from which segment on. */
  readonly broadcastId: string;
  readonly firstSequence: number;
  /** That broadcast is still being recorded. */
  readonly open: boolean;
}

export interface RecordingRows {
  /** Of all entries that are still there; those of one source oldest first. */
  all(): Promise<readonly KnownRecording[]>;
  put(recording: KnownRecording): Promise<void>;
}
