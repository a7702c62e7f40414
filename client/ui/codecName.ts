const names: Record<string, string> = {
  h264: 'H.264',
  vp8: 'VP8',
  aac: 'AAC',
  heaac: 'HE-AAC',
  otheraac: 'AAC',
  mp3: 'MP3',
  opus: 'Opus',
};

/** A codec as people write it. */
export function codecName(codec: string | null): string {
  return codec ? (names[codec.toLowerCase()] ?? codec) : 'none';
}
