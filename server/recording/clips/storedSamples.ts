import { readTrackInit, type InitBase } from '../../media/mp4/initSegment.ts';
import { readFragment, type Sample } from '../../media/mp4/mediaFragment.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** A sample with its times and its media. */
export interface StoredSample extends Pick<Sample, 'decodeTicks' | 'compositionTicks' | 'durationTicks' | 'sync'> {
  readonly presentationTicks: number;
  readonly data: Uint8Array;
}

/** What a timeline holds of one track in one segment. */
export interface StoredSamples {
  readonly initBytes: Buffer;
  readonly init: InitBase;
  /** The segment's file. */
  readonly bytes: Buffer;
  /** In decoding order. */
  readonly samples: readonly StoredSample[];
}

/** Reads a track's samples out of a stored segment; undefined when it has none there, or they are not there any more. */
export async function readStoredSamples(
  timeline: TimelineReader,
  sequence: number,
  trackId: string,
): Promise<StoredSamples | undefined> {
  const segment = timeline.segment(sequence);
  const track = segment && Object.hasOwn(segment.tracks, trackId) ? segment.tracks[trackId] : undefined;
  const [initFile, file] = [segment && timeline.init(segment.period, trackId), timeline.media(sequence, trackId)];
  if (!track || !initFile || !file) return undefined;
  const [initBytes, bytes] = await Promise.all([initFile.buffer(), file.buffer()]);
  const init = readTrackInit(initBytes);
  const samples = track.fragments.flatMap(({ offset, bytes: length }) => {
    const data = bytes.subarray(offset, offset + length);
    return readFragment(data, init).samples.map((sample) => {
      const { offset: start, bytes: size, decodeTicks, compositionTicks, durationTicks, sync } = sample;
      const presentationTicks = decodeTicks + compositionTicks;
      return {
        presentationTicks,
        decodeTicks,
        compositionTicks,
        durationTicks,
        sync,
        data: data.subarray(start, start + size),
      };
    });
  });
  return { initBytes, init, bytes, samples };
}

/** When its frames are shown, in that order; `end` is when the last of them has been. */
export function presentationTimes(samples: readonly StoredSample[]): { starts: number[]; end: number } {
  const ordered = samples.toSorted((a, b) => a.presentationTicks - b.presentationTicks);
  const last = ordered.at(-1);
  return {
    starts: ordered.map(({ presentationTicks }) => presentationTicks),
    end: last ? last.presentationTicks + last.durationTicks : 0,
  };
}
