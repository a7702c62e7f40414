import { nalType, nalTypes, parseAvcConfiguration } from '../../media/codecs/h264.ts';
import { concatBytes } from '../../media/mp4/boxWriter.ts';
import type { InitSegment } from '../../media/mp4/initSegment.ts';
import { readFragment } from '../../media/mp4/mediaFragment.ts';
import type { NewSample } from '../../media/mp4/writeFragment.ts';
import type { TrackSegment } from '../../media/timeline.ts';
import { smoothTime } from './chunk.ts';

/**
 * The samples of a track's segment, of all its CMAF fragments, in units of 100 ns. Decoding begins when the first
 * sample is presented, as in every format of this kind, and composition offsets count from there. Throws `Mp4Error`.
 */
export function smoothSamples(stored: Uint8Array, { fragments }: TrackSegment, init: InitSegment): NewSample[] {
  const samples = fragments.flatMap(({ offset, bytes }) => {
    const fragment = stored.subarray(offset, offset + bytes);
    return readFragment(fragment, init).samples.map((sample) => ({ sample, fragment }));
  });
  const first = samples[0]?.sample;
  if (!first) return [];
  const decodeTime = (ticks: number) => smoothTime(ticks - first.decodeTicks, init.timescale);
  return samples.map(({ sample, fragment }, index) => {
    const { offset, bytes, decodeTicks, durationTicks, compositionTicks, sync } = sample;
    const data = fragment.subarray(offset, offset + bytes);
    const decode = decodeTime(decodeTicks);
    const nextTicks = samples[index + 1]?.sample.decodeTicks ?? decodeTicks + durationTicks;
    const presented = decodeTicks + compositionTicks - first.compositionTicks;
    return {
      data: index === 0 && sync && init.kind === 'video' ? withParameterSets(data, init.avcC) : data,
      durationTicks: Math.max(0, decodeTime(nextTicks) - decode),
      compositionTicks: decodeTime(presented) - decode,
      sync,
    };
  });
}

/**
 * A key frame with its parameter sets before it: the manifest has only those of the latest period, and players read it
 * once. They stand behind an access unit delimiter, which has to be first (H.264 7.4.1.2.3).
 */
export function withParameterSets(sample: Uint8Array, avcC: Uint8Array): Uint8Array {
  const { sps, pps, nalLengthSize } = parseAvcConfiguration(avcC);
  const sets = [...sps, ...pps].flatMap((set) => [lengthField(set.length, nalLengthSize), set]);
  const delimiterBytes = delimiterEnd(sample, nalLengthSize);
  return concatBytes([sample.subarray(0, delimiterBytes), ...sets, sample.subarray(delimiterBytes)]);
}

/** Where the access unit delimiter at a sample's beginning ends; 0 when there is none. */
function delimiterEnd(sample: Uint8Array, lengthBytes: number): number {
  if (sample.length <= lengthBytes || nalType(sample[lengthBytes]!) !== nalTypes.accessUnitDelimiter) return 0;
  const length = sample.subarray(0, lengthBytes).reduce((value, byte) => value * 256 + byte, 0);
  return Math.min(sample.length, lengthBytes + length);
}

function lengthField(length: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (length >>> (8 * (bytes - 1 - index))) & 0xff);
}
