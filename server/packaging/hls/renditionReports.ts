import type { PlaylistEnd } from './growth.ts';

/** What a low-latency playlist says of the others of its broadcast. */
export interface Siblings {
  readonly longestPartTargetSeconds: number;
  /** By track id. */
  readonly ends: ReadonlyMap<string, PlaylistEnd>;
}

/** Where the playlists of all tracks but `trackId` end (RFC 8216bis 4.4.5.4). */
export function renditionReports({ ends }: Siblings, trackId?: string): string {
  let text = '';
  for (const [id, { sequence, part }] of ends) {
    if (id === trackId) continue;
    const lastPart = part < 0 ? '' : `,LAST-PART=${part}`;
    text += `#EXT-X-RENDITION-REPORT:URI="${id}.m3u8",LAST-MSN=${sequence}${lastPart}\n`;
  }
  return text;
}
