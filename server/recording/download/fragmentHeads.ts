import { Mp4Error, readBoxHeader } from '../../media/mp4/box.ts';
import type { InitSegment } from '../../media/mp4/initSegment.ts';
import { readFragment, type MediaFragment } from '../../media/mp4/mediaFragment.ts';
import type { Fragment } from '../../media/timeline.ts';
import { readParts } from '../../segments/readParts.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** What is known of a stored fragment without its media. */
export interface FragmentHead extends MediaFragment {
  /** Where its media are in the segment's file; `end` is not included. */
  readonly start: number;
  readonly end: number;
}

/** A segment that is no larger is read whole, which is quicker than in pieces. */
const wholeBytes = 128 * 1024;
/** More than the head of a fragment of a third of a second usually has. */
const usualHeadBytes = 1024;
const mostHeadBytes = 4e6;
const mdatHeaderBytes = 16;

/** The heads of all fragments of a track in a segment, in order. Rejects when they are not there (any more). */
export async function readFragmentHeads(
  timeline: TimelineReader,
  sequence: number,
  trackId: string,
  init: InitSegment,
): Promise<FragmentHead[]> {
  const track = timeline.segment(sequence)?.tracks[trackId];
  const file = timeline.media(sequence, trackId);
  if (!track || !file) throw new Mp4Error(`segment ${sequence} has nothing of ${trackId}`);
  const { fragments } = track;
  const whole = file.length <= wholeBytes ? await file.buffer() : undefined;
  const beginnings = whole
    ? fragments.map(({ offset, bytes }) => whole.subarray(offset, offset + bytes))
    : await readParts(
        file,
        fragments.map((fragment) => beginningOf(fragment, usualHeadBytes)),
      );
  const heads: FragmentHead[] = [];
  let compositionTicks = 0;
  for (const [index, fragment] of fragments.entries()) {
    const { offset, bytes } = fragment;
    const missing = missingBytes(beginnings[index]!);
    const [longer] = missing === 0 ? [] : await readParts(file, [beginningOf(fragment, missing)]);
    const media = readFragment(longer ?? beginnings[index]!, init, compositionTicks, bytes);
    const [first, last] = [media.samples[0]!, media.samples.at(-1)!];
    if (first.sync) ({ compositionTicks } = first);
    if (last.offset + last.bytes - first.offset !== media.samples.reduce((sum, sample) => sum + sample.bytes, 0))
      throw new Mp4Error('the samples of a fragment do not lie behind each other');
    heads.push({ ...media, start: offset + first.offset, end: offset + last.offset + last.bytes });
  }
  return heads;
}

function beginningOf({ offset, bytes }: Fragment, length: number): { start: number; end: number } {
  return { start: offset, end: offset + Math.min(length, bytes) - 1 };
}

/** How many bytes of a fragment have to be read to know all up to its media; 0 when these are enough. */
function missingBytes(beginning: Uint8Array): number {
  for (let end = 0; end <= mostHeadBytes;) {
    const header = readBoxHeader(beginning, end);
    if (header?.type === 'mdat') return 0;
    if (!header) return end + usualHeadBytes;
    end += header.bytes;
    if (end + mdatHeaderBytes > beginning.length) return end + usualHeadBytes;
  }
  throw new Mp4Error('the head of a fragment is too large');
}
