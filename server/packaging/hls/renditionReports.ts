import type { PlaylistEnd } from './growth.ts';

/** Where the playlists of all tracks but `trackId` end (RFC 8216bis 4.4.5.4). `ends`: by track id. */
export function renditionReports(ends: ReadonlyMap<string, PlaylistEnd>, trackId?: string): string {
  let text = '';
  for (const [id, { sequence, part }] of ends) {
    if (id === trackId) continue;
    const lastPart = part < 0 ? '' : `,LAST-PART=${part}`;
    text += `#EXT-X-RENDITION-REPORT:URI="${id}.m3u8",LAST-MSN=${sequence}${lastPart}\n`;
  }
  return text;
}
