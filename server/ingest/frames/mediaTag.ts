/** One frame on its way from the encoder to ffmpeg. */
export interface MediaTag {
  readonly kind: 'video' | 'audio';
  /** Decoding time, unwrapped: never limited to 32 bits. */
  readonly timestampMs: number;
  /** The body of the FLV tag: nobody else's, and no part of something larger. */
  readonly body: Buffer;
  /** Decoding can begin here as far as this kind of media is concerned. */
  readonly keyFrame: boolean;
}

/** What a tag takes in memory beside its body, or a little more: what counts where there are many small ones. */
const overheadBytes = 256;

export function bytesOf(body: Buffer): number {
  return overheadBytes + body.length;
}
