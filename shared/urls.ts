/** Where everything lives, relative to the public URL. One place for server, client and tests. */
export const paths = {
  hls: (entryId: string) => `/play/${entryId}/hls/master.m3u8`,
  dash: (entryId: string) => `/play/${entryId}/dash/manifest.mpd`,
  mss: (entryId: string) => `/play/${entryId}/mss/Manifest`,
  hds: (entryId: string) => `/play/${entryId}/hds/manifest.f4m`,
  thumbnail: (entryId: string) => `/play/${entryId}/thumbnail.jpg`,
  storyboard: (entryId: string) => `/play/${entryId}/storyboard.vtt`,
  download: (entryId: string, flavor: string) => `/play/${entryId}/download?flavor=${flavor}`,
  watch: (entryId: string) => `/watch/${entryId}`,
  embed: (entryId: string) => `/embed/${entryId}`,
  whip: (entryId: string) => `/whip/${entryId}`,
} as const;

/** What an encoder that does not expand `%i` publishes as its first (or only) stream. */
export function firstStreamName(streamName: string): string {
  return streamName.replace('%i', '1');
}

/** Joins a public base (with or without a trailing slash) and a path that begins with one. */
export function absoluteUrl(base: string, path: string): string {
  return base.replace(/\/+$/, '') + path;
}
