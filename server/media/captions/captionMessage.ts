/** Captions that come beside the media, at a time of theirs. */
export type CaptionMessage = { readonly atMs: number } & CaptionContent;

export type CaptionContent =
  /** Replaces what was said before; empty for silence. `language` is BCP 47, undefined where the encoder does not say. */
  | { readonly type: 'text'; readonly language: string | undefined; readonly text: string }
  /** Triplets of `cc_data` (CTA-708-E 4.4). */
  | { readonly type: 'ccData'; readonly triplets: Uint8Array };
