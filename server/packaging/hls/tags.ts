import type { Fragment, Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import { mediaPath } from '../cmaf/mediaPath.ts';

/** Seconds as in a playlist. */
export function decimalSeconds(seconds: number): string {
  return String(Number(seconds.toFixed(6)));
}

/** What a player needs where it enters a period. */
export function startTags(
  tag: string,
  segment: Pick<Segment, 'startMs' | 'wallClockMs'>,
  period: number,
  track: Track | undefined,
  startTicks: number | undefined,
): string {
  // Positions and not each segment's arrival: players align audio and video by these dates. What position 0 is differs
  // where a timeline is put together of several broadcasts.
  const positionMs = track && startTicks !== undefined ? (startTicks / track.timescale) * 1000 : segment.startMs;
  const date = new Date(Math.round(segment.wallClockMs - segment.startMs + positionMs)).toISOString();
  // WebVTT has no init segment.
  const map = track && track.kind !== 'text' ? `#EXT-X-MAP:URI="${mediaPath.init(tag, track.id, period)}"\n` : '';
  return `${map}#EXT-X-PROGRAM-DATE-TIME:${date}\n`;
}

/** A segment as it is listed. */
export interface Entry {
  readonly seconds: number;
  readonly uri: string;
  readonly gap?: boolean;
  readonly byteRange?: { readonly bytes: number; readonly offset: number };
}

/** RFC 8216 4.3.2 */
export function segmentEntry({ seconds, uri, gap, byteRange }: Entry): string {
  const range = byteRange ? `#EXT-X-BYTERANGE:${byteRange.bytes}@${byteRange.offset}\n` : '';
  return `#EXTINF:${decimalSeconds(seconds)},\n${gap ? '#EXT-X-GAP\n' : ''}${range}${uri}\n`;
}

/** RFC 8216bis 4.4.4.9 */
export function partEntry({ durationTicks, independent }: Fragment, timescale: number, uri: string): string {
  const duration = decimalSeconds(durationTicks / timescale);
  return `#EXT-X-PART:DURATION=${duration},${independent ? 'INDEPENDENT=YES,' : ''}URI="${uri}"\n`;
}
