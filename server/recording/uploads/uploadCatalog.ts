import type { Profile } from '../../../shared/model/profile.ts';
import type { VideoFacts, VideoStatus } from '../../../shared/model/entry.ts';

interface NewVideo extends VideoFacts {
  readonly name: string;
  readonly createdBy: string;
  readonly profileId: string;
}

/** Where entries are kept. */
export interface UploadCatalog {
  get(id: string): Promise<{ readonly video: { readonly status: VideoStatus } | null } | undefined>;
  createVideo(video: NewVideo): Promise<{ readonly id: string }>;
  /** Undefined when there is no such video. */
  setVideo(id: string, changes: Partial<VideoFacts>): Promise<object | undefined>;
  delete(id: string): Promise<boolean>;
  /** Uploads that are still being processed. */
  unfinishedUploads(): Promise<readonly string[]>;
}

export interface UploadProfiles {
  get(id: string): Promise<Profile | undefined>;
  default(): Promise<Profile>;
}

/** What a disk says of its free space; `segments/disk/diskSpace.ts` satisfies it. */
export interface UploadDisk {
  readonly freeBytes: number | undefined;
  readonly isLow: boolean;
  onChanged(listener: (isLow: boolean) => void): () => void;
}
