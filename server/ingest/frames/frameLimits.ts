/** Bounds on what one encoder's media may take while they wait to be read. */
export interface FrameLimits {
  /** How long media of one kind waits for the other when the encoder has not said that it sends both. */
  readonly otherTrackSeconds: number;
  /** The group of pictures kept for the next reading. */
  readonly gopBytes: number;
  readonly gopTags: number;
  readonly gopSeconds: number;
  /** What waits for a slow reader. */
  readonly readingBytes: number;
  readonly readingTags: number;
  readonly readingSeconds: number;
}

export const defaultFrameLimits: FrameLimits = {
  otherTrackSeconds: 2,
  gopBytes: 16 * 1024 * 1024,
  // Twelve seconds of 240 pictures and 100 sounds are a quarter of it.
  gopTags: 16_384,
  gopSeconds: 12,
  readingBytes: 16 * 1024 * 1024,
  readingTags: 16_384,
  readingSeconds: 10,
};
