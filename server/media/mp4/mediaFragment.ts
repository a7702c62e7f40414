import { Mp4Error, readBoxes, requireBox, uint32At, uint64At, type Box } from './box.ts';
import type { InitBase } from './initSegment.ts';

/** One sample of a fragment, in decoding order. */
export interface Sample {
  /** First byte, counted from the start of the fragment. */
  readonly offset: number;
  readonly bytes: number;
  readonly decodeTicks: number;
  readonly durationTicks: number;
  /** Presentation time minus decoding time; negative in CMAF with reordered frames. */
  readonly compositionTicks: number;
  /** Decodable without any sample before it. */
  readonly sync: boolean;
}

/** What a `moof` + `mdat` of one track says about its media. */
export interface MediaFragment {
  /** Presentation time of the first sample. */
  readonly startTicks: number;
  readonly durationTicks: number;
  /** Begins with a sync sample. */
  readonly independent: boolean;
  readonly samples: readonly Sample[];
}

/** More than any half second of media can hold. */
const maxSamples = 100_000;
const nonSyncSample = 0x10000;

/**
 * Reads a fragment of the init segment's track without copying media. Throws `Mp4Error`. Where frames are reordered,
 * only key frames have a composition offset that is always the same (in CMAF as ffmpeg writes it, 0): a fragment that
 * begins with another frame is placed by that of the last key frame, so that fragments follow each other without gaps.
 * `bytes` is the fragment's length where only what comes before its media is given.
 */
export function readFragment(
  fragment: Uint8Array,
  init: InitBase,
  keyFrameCompositionTicks = 0,
  bytes = fragment.length,
): MediaFragment {
  const samples = readSamples(fragment, init, bytes);
  const first = samples[0]!;
  const last = samples.at(-1)!;
  return {
    startTicks: first.decodeTicks + (first.sync ? first.compositionTicks : keyFrameCompositionTicks),
    durationTicks: last.decodeTicks + last.durationTicks - first.decodeTicks,
    independent: first.sync,
    samples,
  };
}

function readSamples(fragment: Uint8Array, init: InitBase, bytes: number): Sample[] {
  let moof: Box | undefined;
  let mdat: Box | undefined;
  for (const box of readBoxes(fragment, 0, bytes)) {
    if (box.type === 'moof') moof ??= box;
    if (box.type === 'mdat') mdat ??= box;
  }
  if (!moof || !mdat) throw new Mp4Error('fragment has no moof and mdat');
  const traf = findTraf(fragment, moof, init.trackId);
  const header = readTrackHeader(fragment, traf, moof.start, init);
  const reader = { fragment, mdat, header, samples: new Array<Sample>(), decodeTicks: readDecodeTime(fragment, traf) };
  let offset = header.baseOffset;
  for (const box of readBoxes(fragment, traf.body, traf.end)) {
    if (box.type === 'trun') offset = readRun(reader, box, offset);
  }
  if (reader.samples.length === 0) throw new Mp4Error('fragment has no samples');
  return reader.samples;
}

function findTraf(fragment: Uint8Array, moof: Box, trackId: number): Box {
  for (const box of readBoxes(fragment, moof.body, moof.end)) {
    if (box.type === 'traf' && uint32At(fragment, requireBox(fragment, box, 'tfhd').body + 4) === trackId) return box;
  }
  throw new Mp4Error(`fragment has nothing of track ${trackId}`);
}

interface TrackHeader {
  readonly baseOffset: number;
  readonly durationTicks: number;
  readonly bytes: number;
  readonly flags: number;
}

/** ISO/IEC 14496-12 8.8.7 */
function readTrackHeader(fragment: Uint8Array, traf: Box, moofStart: number, init: InitBase): TrackHeader {
  const tfhd = requireBox(fragment, traf, 'tfhd');
  const flags = uint32At(fragment, tfhd.body) & 0xffffff;
  if (flags & 0x1) throw new Mp4Error('absolute data offsets are not supported');
  let offset = tfhd.body + 8;
  const optional = (bit: number, otherwise: number) => {
    if (!(flags & bit)) return otherwise;
    offset += 4;
    return uint32At(fragment, offset - 4);
  };
  optional(0x2, 0); // sample_description_index
  return {
    baseOffset: moofStart,
    durationTicks: optional(0x8, init.defaults.durationTicks),
    bytes: optional(0x10, init.defaults.bytes),
    flags: optional(0x20, init.defaults.flags),
  };
}

/** ISO/IEC 14496-12 8.8.12 */
function readDecodeTime(fragment: Uint8Array, traf: Box): number {
  const tfdt = requireBox(fragment, traf, 'tfdt');
  return fragment[tfdt.body] === 1 ? uint64At(fragment, tfdt.body + 4) : uint32At(fragment, tfdt.body + 4);
}

interface RunReader {
  readonly fragment: Uint8Array;
  readonly mdat: Box;
  readonly header: TrackHeader;
  readonly samples: Sample[];
  decodeTicks: number;
}

/** ISO/IEC 14496-12 8.8.8. Returns where the data of a following run begins. */
function readRun(reader: RunReader, trun: Box, follows: number): number {
  const { fragment, mdat, header, samples } = reader;
  const flags = uint32At(fragment, trun.body) & 0xffffff;
  const count = uint32At(fragment, trun.body + 4);
  let at = trun.body + 8;
  const next = () => {
    if (at + 4 > trun.end) throw new Mp4Error('trun ends early');
    at += 4;
    return uint32At(fragment, at - 4);
  };
  let offset = flags & 0x1 ? header.baseOffset + (next() | 0) : follows;
  const firstFlags = flags & 0x4 ? next() : undefined;
  if (samples.length + count > maxSamples) throw new Mp4Error(`fragment has ${count} samples`);
  for (let index = 0; index < count; index++) {
    const durationTicks = flags & 0x100 ? next() : header.durationTicks;
    const bytes = flags & 0x200 ? next() : header.bytes;
    const ownFlags = flags & 0x400 ? next() : header.flags;
    // Version 0 is unsigned, but offsets of 2^31 ticks and more do not occur.
    const compositionTicks = flags & 0x800 ? next() | 0 : 0;
    if (offset < mdat.body || offset + bytes > mdat.end) throw new Mp4Error('sample lies outside the mdat');
    const sampleFlags = index === 0 && firstFlags !== undefined ? firstFlags : ownFlags;
    const sync = !(sampleFlags & nonSyncSample);
    samples.push({ offset, bytes, decodeTicks: reader.decodeTicks, durationTicks, compositionTicks, sync });
    offset += bytes;
    reader.decodeTicks += durationTicks;
  }
  return offset;
}
