import type { InitSegment } from './initSegment.ts';
import type { MediaFragment } from './mediaFragment.ts';
import { writeFragment } from './writeFragment.ts';

/** A fragment and what was read of it. */
export interface ReadFragment {
  readonly data: Uint8Array;
  readonly media: MediaFragment;
}

/**
 * One fragment of the samples of several that follow each other: each sample lasts until the next one, for a `trun` has
 * no holes. The media is copied, once. `lead`: boxes before it.
 */
export function mergeFragments(
  fragments: readonly ReadFragment[],
  init: InitSegment,
  lead: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  const samples = fragments.flatMap(({ data, media }) => media.samples.map((sample) => ({ data, ...sample })));
  return writeFragment(
    init.trackId,
    samples[0]!.decodeTicks,
    samples.map(({ data, offset, bytes, decodeTicks, durationTicks, compositionTicks, sync }, index) => ({
      data: data.subarray(offset, offset + bytes),
      durationTicks: (samples[index + 1]?.decodeTicks ?? decodeTicks + durationTicks) - decodeTicks,
      compositionTicks,
      sync,
    })),
    lead,
  );
}
