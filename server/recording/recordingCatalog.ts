import type { Recording, VideoFacts } from '../../shared/model/entry.ts';
import type { RecordingMode } from './recordingRules.ts';

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
  readonly video: VideoFacts | null;
}

export type NewVideo = VideoFacts & Omit<CatalogEntry, 'id' | 'recording' | 'video'>;

/** The entries of the catalog. */
export interface RecordedEntries {
  get(id: string): Promise<CatalogEntry | undefined>;
  createVideo(video: NewVideo): Promise<CatalogEntry>;
  setVideo(id: string, changes: Partial<VideoFacts>): Promise<unknown>;
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
