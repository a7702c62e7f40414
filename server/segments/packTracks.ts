import type { Fragment, FragmentRange, TrackSegment } from '../media/timeline.ts';

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
    let keyFrame: FragmentRange | null = null;
    for (const [ownTicks, ownBytes, independent, gapTicks = 0] of packed) {
      if (independent === 1) keyFrame ??= { offset: bytes, bytes: ownBytes };
      durationTicks += gapTicks + ownTicks;
      bytes += ownBytes;
    }
    const independent = packed[0]?.[2] === 1;
    tracks[id] = new StoredTrackSegment(id, text, { startTicks, durationTicks, bytes, independent, keyFrame });
  }
  return tracks;
}

/** A track's part of a stored segment. */
export class StoredTrackSegment implements TrackSegment {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly bytes: number;
  readonly independent: boolean;
  // As numbers: an object for each track of each segment of a day would take ten megabytes.
  readonly #keyFrameOffset: number;
  /** 0 for none. */
  readonly #keyFrameBytes: number;
  readonly #trackId: string;
  readonly #packed: string;

  constructor(trackId: string, packed: string, shape: Omit<TrackSegment, 'fragments'>) {
    this.startTicks = shape.startTicks;
    this.durationTicks = shape.durationTicks;
    this.bytes = shape.bytes;
    this.independent = shape.independent;
    this.#keyFrameOffset = shape.keyFrame?.offset ?? 0;
    this.#keyFrameBytes = shape.keyFrame?.bytes ?? 0;
    this.#trackId = trackId;
    this.#packed = packed;
  }

  get keyFrame(): FragmentRange | null {
    return this.#keyFrameBytes === 0 ? null : { offset: this.#keyFrameOffset, bytes: this.#keyFrameBytes };
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
    const { durationTicks, bytes, independent, keyFrame } = this;
    const shape = { startTicks: this.startTicks + ticks, durationTicks, bytes, independent, keyFrame };
    return new StoredTrackSegment(this.#trackId, this.#packed, shape);
  }
}

/** A track's part of a segment, from its fragments (at least one) in the order of the file. */
export function joinFragments(fragments: readonly Fragment[]): TrackSegment {
  const first = fragments[0]!;
  const last = fragments.at(-1)!;
  const keyFrame = fragments.find(({ independent }) => independent);
  return {
    startTicks: first.startTicks,
    durationTicks: last.startTicks + last.durationTicks - first.startTicks,
    bytes: last.offset + last.bytes,
    independent: first.independent,
    keyFrame: keyFrame ? { offset: keyFrame.offset, bytes: keyFrame.bytes } : null,
    fragments,
  };
}
