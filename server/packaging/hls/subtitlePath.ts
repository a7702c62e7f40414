const shape = /^([\w-]{8})\/(t[a-z0-9]{0,15})\/(\d{1,15})\.vtt$/;

export function subtitlePath(tag: string, trackId: string, sequence: number): string {
  return `${tag}/${trackId}/${sequence}.vtt`;
}

/** Undefined for anything that is not exactly such a path. */
export function parseSubtitlePath(
  path: string,
): { readonly tag: string; readonly trackId: string; readonly sequence: number } | undefined {
  const match = shape.exec(path);
  if (!match) return undefined;
  const [, tag = '', trackId = '', sequence] = match;
  return { tag, trackId, sequence: Number(sequence) };
}
