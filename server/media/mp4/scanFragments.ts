import type { Fragment } from '../timeline.ts';
import { Mp4Error, readBoxHeader } from './box.ts';
import type { InitBase } from './initSegment.ts';
import { readFragment } from './mediaFragment.ts';

/** The whole fragments at the beginning of a segment's file that may have been cut off or damaged further on. */
export function scanFragments(file: Uint8Array, init: InitBase): Fragment[] {
  const fragments: Fragment[] = [];
  let offset = 0;
  let compositionTicks = 0;
  for (let end = wholeFragmentEnd(file, 0); end !== undefined; end = wholeFragmentEnd(file, offset)) {
    try {
      const read = readFragment(file.subarray(offset, end), init, compositionTicks);
      const { startTicks, durationTicks, independent } = read;
      if (independent) compositionTicks = read.samples[0]!.compositionTicks;
      fragments.push({ startTicks, durationTicks, independent, offset, bytes: end - offset });
    } catch (error) {
      if (error instanceof Mp4Error) break;
      throw error;
    }
    offset = end;
  }
  return fragments;
}

/** End of the first `mdat` from `start` on, if all boxes up to it are there. */
function wholeFragmentEnd(file: Uint8Array, start: number): number | undefined {
  for (let offset = start; ;) {
    let header;
    try {
      header = readBoxHeader(file, offset);
    } catch (error) {
      if (error instanceof Mp4Error) return undefined;
      throw error;
    }
    if (!header || offset + header.bytes > file.length) return undefined;
    offset += header.bytes;
    if (header.type === 'mdat') return offset;
  }
}
