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

/**
 * What was packed. The fragments stay so until somebody asks for them, which few do of old segments: a day of five
 * tracks is a million fragments.
 */
export function unpackTracks(text: string): Record<string, StoredTrackSegment> {
  const tracks: Record<string, StoredTrackSegment> = {};
  for (const [id, [startTicks, ...packed]] of Object.entries(JSON.parse(text) as PackedTracks)) {
    let durationTicks = 0;
    let bytes = 0;
    for (const [ownTicks, ownBytes, , gapTicks = 0] of packed) {
      durationTicks += gapTicks + ownTicks;
      bytes += ownBytes;
    }
    const independent = packed[0]?.[2] === 1;
    tracks[id] = new StoredTrackSegment(id, text, { startTicks, durationTicks, bytes, independent });
  }
  return tracks;
}

/** A track's part of a stored segment. */
export class StoredTrackSegment implements TrackSegment {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly bytes: number;
  readonly independent: boolean;
  readonly #trackId: string;
  readonly #packed: string;

  constructor(trackId: string, packed: string, shape: Omit<TrackSegment, 'fragments'>) {
    this.startTicks = shape.startTicks;
    this.durationTicks = shape.durationTicks;
    this.bytes = shape.bytes;
    this.independent = shape.independent;
    this.#trackId = trackId;
    this.#packed = packed;
  }

  get fragments(): readonly Fragment[] {
    const [, ...packed] = (JSON.parse(this.#packed) as PackedTracks)[this.#trackId]!;
    let at = this.startTicks;
    let offset = 0;
    return packed.map(([durationTicks, bytes, independent, gapTicks = 0]) => {
      const fragment = { startTicks: at + gapTicks, durationTicks, offset, bytes, independent: independent === 1 };
      at = fragment.startTicks + durationTicks;
      offset += bytes;
      return fragment;
    });
  }

  /** The same media at another time. */
  movedBy(ticks: number): StoredTrackSegment {
    const { durationTicks, bytes, independent } = this;
    const startTicks = this.startTicks + ticks;
    return new StoredTrackSegment(this.#trackId, this.#packed, { startTicks, durationTicks, bytes, independent });
  }
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
