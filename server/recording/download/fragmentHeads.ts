import { Mp4Error, readBoxHeader } from '../../media/mp4/box.ts';
import type { InitSegment } from '../../media/mp4/initSegment.ts';
import { readFragment, type MediaFragment } from '../../media/mp4/mediaFragment.ts';
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
  const whole = file.length <= wholeBytes ? await file.buffer() : undefined;
  const heads: FragmentHead[] = [];
  let compositionTicks = 0;
  for (const { offset, bytes } of track.fragments) {
    const read = async (length: number) => {
      const end = offset + Math.min(length, bytes);
      return whole?.subarray(offset, end) ?? (await collect(file.stream({ start: offset, end: end - 1 })));
    };
    const media = readFragment(await readHead(read), init, compositionTicks, bytes);
    const [first, last] = [media.samples[0]!, media.samples.at(-1)!];
    if (first.sync) ({ compositionTicks } = first);
    if (last.offset + last.bytes - first.offset !== media.samples.reduce((sum, sample) => sum + sample.bytes, 0))
      throw new Mp4Error('the samples of a fragment do not lie behind each other');
    heads.push({ ...media, start: offset + first.offset, end: offset + last.offset + last.bytes });
  }
  return heads;
}

/** Everything up to the media: `moof` comes first, then the header of `mdat`. */
async function readHead(read: (length: number) => Promise<Buffer>): Promise<Buffer> {
  const head = await read(usualHeadBytes);
  let end = 0;
  for (;;) {
    const header = readBoxHeader(head, end);
    if (!header || header.type === 'mdat') return header ? head : await read(end + usualHeadBytes);
    end += header.bytes;
    if (end > mostHeadBytes) throw new Mp4Error('the head of a fragment is too large');
    if (end + mdatHeaderBytes > head.length) return await read(end + mdatHeaderBytes);
  }
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
