import type { InitSegment } from './initSegment.ts';
import type { MediaFragment, Sample } from './mediaFragment.ts';
import { writeFragment } from './writeFragment.ts';

/** Cuts a fragment in two before the sample of this index, which must be neither the first nor past the last. */
export function splitFragment(
  fragment: Uint8Array,
  media: MediaFragment,
  init: InitSegment,
  sampleIndex: number,
): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
  const { samples } = media;
  if (sampleIndex <= 0 || sampleIndex >= samples.length) throw new RangeError('both parts need a sample');
  const part = (of: readonly Sample[]) =>
    writeFragment(
      init.trackId,
      of[0]!.decodeTicks,
      of.map(({ offset, bytes, ...sample }) => ({ ...sample, data: fragment.subarray(offset, offset + bytes) })),
    );
  return [part(samples.slice(0, sampleIndex)), part(samples.slice(sampleIndex))];
}
