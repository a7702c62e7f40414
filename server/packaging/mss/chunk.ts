import type { SmoothTime } from '../../media/mp4/smoothFragment.ts';
import type { Segment, TrackSegment } from '../../media/timeline.ts';

/** Units per second of all times in a presentation (MS-SSTR 2.2.2.1). */
export const smoothTimescale = 10_000_000;

export const streamKinds = ['video', 'audio'] as const;
export type StreamKind = (typeof streamKinds)[number];

export function smoothTime(ticks: number, timescale: number): number {
  // Divided first: the product would leave the whole numbers after some hours.
  return Math.round((ticks / timescale) * smoothTimescale);
}

const trackId = /^([va])(\d{1,2})$/;

/** The number in a track's id (`v2`, `a0`), if it is of this kind. */
export function trackNumber(id: string, kind: StreamKind): number | undefined {
  const match = trackId.exec(id);
  return match?.[1] === kind[0] ? Number(match![2]) : undefined;
}

/**
 * The track of a segment that gives its chunk in a stream the times, which hold for all renditions; their own may
 * differ by rounding. Undefined when the segment has nothing for the stream.
 */
export function leadingTrack(segment: Segment, kind: StreamKind): string | undefined {
  return standInTrack(segment, kind, 0);
}

/**
 * The track that is served as the rendition of this number: itself, else the next smaller one, else the next larger
 * one. It depends on nothing but the segment, so that what caches keep stays true.
 */
export function standInTrack({ tracks }: Segment, kind: StreamKind, number: number): string | undefined {
  let found: { readonly id: string; readonly distance: number } | undefined;
  for (const id of Object.keys(tracks)) {
    const own = trackNumber(id, kind);
    if (own === undefined) continue;
    const distance = own >= number ? own - number : 100 + number - own;
    if (!found || distance < found.distance) found = { id, distance };
  }
  return found?.id;
}

/** How long a track's own media of a segment is, and when it begins. */
export function mediaTime({ startTicks, durationTicks }: TrackSegment, timescale: number): SmoothTime {
  const start = smoothTime(startTicks, timescale);
  return { start, duration: Math.max(1, smoothTime(startTicks + durationTicks, timescale) - start) };
}
