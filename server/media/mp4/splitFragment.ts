import { concatBytes, words, writeBox } from './boxWriter.ts';
import type { InitSegment } from './initSegment.ts';
import type { MediaFragment, Sample } from './mediaFragment.ts';

/** Cuts a fragment in two before the sample of this index, which must be neither the first nor past the last. */
export function splitFragment(
  fragment: Uint8Array,
  media: MediaFragment,
  init: InitSegment,
  sampleIndex: number,
): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
  const { samples } = media;
  if (sampleIndex <= 0 || sampleIndex >= samples.length) throw new RangeError('both parts need a sample');
  return [
    writeFragment(fragment, samples.slice(0, sampleIndex), init.trackId),
    writeFragment(fragment, samples.slice(sampleIndex), init.trackId),
  ];
}

const syncFlags = 0x2000000;
const nonSyncFlags = 0x1010000;

function writeFragment(source: Uint8Array, samples: readonly Sample[], trackId: number): Uint8Array<ArrayBuffer> {
  const decodeTicks = samples[0]!.decodeTicks;
  const entries = samples.flatMap(({ durationTicks, bytes, sync, compositionTicks }) => [
    durationTicks,
    bytes,
    sync ? syncFlags : nonSyncFlags,
    compositionTicks,
  ]);
  const moof = (dataOffset: number) =>
    writeBox(
      'moof',
      // Nobody counts these (ISO/IEC 14496-12 8.8.5 asks for a rising number only within one file as written).
      writeBox('mfhd', words(0, 1)),
      writeBox(
        'traf',
        writeBox('tfhd', words(0x020000, trackId)), // default-base-is-moof
        writeBox('tfdt', words(0x01000000, Math.floor(decodeTicks / 2 ** 32), decodeTicks % 2 ** 32)),
        // Version 1: signed composition offsets. Data offset; duration, size, flags and offset for each sample.
        writeBox('trun', words(0x01000f01, samples.length, dataOffset, ...entries)),
      ),
    );
  const media = samples.map(({ offset, bytes }) => source.subarray(offset, offset + bytes));
  return concatBytes([moof(moof(0).length + 8), writeBox('mdat', ...media)]);
}
