/** One frame on its way from the encoder to ffmpeg. */
export interface MediaTag {
  readonly kind: 'video' | 'audio';
  /** Decoding time, unwrapped: never limited to 32 bits. */
  readonly timestampMs: number;
  /** The body of the FLV tag. */
  readonly body: Buffer;
  /** Decoding can begin here as far as this kind of media is concerned. */
  readonly keyFrame: boolean;
}
