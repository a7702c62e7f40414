import type { Fragment, TrackSegment } from '../media/timeline.ts';

/** Of a fragment: duration, length, 1 if independent, and the ticks missing before it where there are any. */
type PackedFragment = [durationTicks: number, bytes: number, independent: number, gapTicks?: number];
type PackedTracks = Record<string, [startTicks: number, ...fragments: PackedFragment[]]>;

/** JSON for the index: offsets and most starts follow from the fragments before. */
export function packTracks(tracks: Readonly<Record<string, TrackSegment>>): string {
  const packed: PackedTracks = {};
  for (const [id, { startTicks, fragments }] of Object.entries(tracks)) {
    let at = startTicks;
    packed[id] = [startTicks];
    for (const fragment of fragments) {
      const gapTicks = fragment.startTicks - at;
      const entry: PackedFragment = [fragment.durationTicks, fragment.bytes, fragment.independent ? 1 : 0];
      if (gapTicks !== 0) entry.push(gapTicks);
      packed[id].push(entry);
      at = fragment.startTicks + fragment.durationTicks;
    }
  }
  return JSON.stringify(packed);
}

export function unpackTracks(text: string): Record<string, TrackSegment> {
  const tracks: Record<string, TrackSegment> = {};
  for (const [id, [startTicks, ...packed]] of Object.entries(JSON.parse(text) as PackedTracks)) {
    let at = startTicks;
    let offset = 0;
    const fragments: Fragment[] = [];
    for (const [durationTicks, bytes, independent, gapTicks = 0] of packed) {
      at += gapTicks;
      fragments.push({ startTicks: at, durationTicks, offset, bytes, independent: independent === 1 });
      at += durationTicks;
      offset += bytes;
    }
    tracks[id] = joinFragments(fragments);
  }
  return tracks;
}

/** A track's part of a segment, from its fragments (at least one) in the order of the file. */
export function joinFragments(fragments: readonly Fragment[]): TrackSegment {
  const first = fragments[0]!;
  const last = fragments.at(-1)!;
  return {
    startTicks: first.startTicks,
    durationTicks: last.startTicks + last.durationTicks - first.startTicks,
    bytes: last.offset + last.bytes,
    independent: first.independent,
    fragments,
  };
}
