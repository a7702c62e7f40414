/** A media playlist that has ended, cut where its parameters change: each part a playlist of its own, with absolute addresses. */
export async function playlistRuns(url: string): Promise<string[]> {
  const text = await (await fetch(url)).text();
  const head = /^#EXTM3U\n#EXT-X-VERSION.*\n#EXT-X-TARGETDURATION.*\n/.exec(text)?.[0] ?? '';
  return text
    .slice(head.length)
    .replace('#EXT-X-ENDLIST\n', '')
    .replaceAll('#EXT-X-DISCONTINUITY\n', '')
    .split(/(?<=\n[^#\n].*\n)(?=#EXT-X-MAP)/)
    .map((part) => part.replace(/^[^#\n].*$/gm, (uri) => new URL(uri, url).href))
    .map((part) => part.replace(/URI="([^"]*)"/g, (_, uri: string) => `URI="${new URL(uri, url).href}"`))
    .map((part) => `${head}${part}#EXT-X-ENDLIST\n`);
}

/** What lets ffmpeg read such a playlist from a file. */
export const runInput = (file: string) => [
  '-protocol_whitelist',
  'file,http,tcp',
  '-allowed_extensions',
  'ALL',
  '-i',
  file,
];
