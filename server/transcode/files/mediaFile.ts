/** A file as ffprobe sees it, as far as it matters for bringing it into the store. */
export interface MediaFile {
  /** Absolute. */
  readonly path: string;
  /** As it announces; undefined where it does not. */
  readonly durationMs: number | undefined;
  /** At least one of the two is there. */
  readonly video: FileVideo | undefined;
  readonly audio: FileAudio | undefined;
}

export interface FileVideo {
  readonly codec: string;
  /** Upright, as it is to be shown. */
  readonly width: number;
  readonly height: number;
  /** Frames per second; undefined where it is not known. */
  readonly frameRate: number | undefined;
  readonly bitrateBps: number | undefined;
  readonly interlaced: boolean;
  /** Viewers' players take it as it is. */
  readonly playable: boolean;
  /** Frames that decoding may be ahead of presentation. */
  readonly reorderedFrames: number;
}

export interface FileAudio {
  readonly codec: string;
  readonly channels: number;
  readonly bitrateBps: number | undefined;
  readonly playable: boolean;
}
