import type { InitSegment } from './initSegment.ts';
import type { MediaFragment } from './mediaFragment.ts';
import { writeFragment } from './writeFragment.ts';

/** A fragment and what was read of it. */
export interface ReadFragment {
  readonly data: Uint8Array;
  readonly media: MediaFragment;
}

/** One fragment of the samples of several that follow each other without a gap. The media is copied, once. `lead`: boxes before it. */
export function mergeFragments(
  fragments: readonly ReadFragment[],
  init: InitSegment,
  lead: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  return writeFragment(
    init.trackId,
    fragments[0]!.media.samples[0]!.decodeTicks,
    fragments.flatMap(({ data, media }) =>
      media.samples.map(({ offset, bytes, durationTicks, compositionTicks, sync }) => ({
        data: data.subarray(offset, offset + bytes),
        durationTicks,
        compositionTicks,
        sync,
      })),
    ),
    lead,
  );
}
