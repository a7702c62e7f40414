import type { Period, Segment } from '../../media/timeline.ts';
import { isMissingFile } from '../../missingFile.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { referenceTrack } from './segmentTimes.ts';
import { readStoredSamples } from './storedSamples.ts';

/** As many are read: a few seconds of a picture tell how fast it is. */
const mostSegments = 2;
/** Browsers send frames at times of their own: what comes this close to a usual rate is meant to be that. */
const tolerance = 0.01;

/** Frames per second of a period, where nothing that was received says so: of its newest segments. 0 where there are none. */
export async function measureFrameRate(timeline: TimelineReader, { index, tracks }: Period): Promise<number> {
  const reference = referenceTrack(tracks);
  if (reference?.kind !== 'video') return 0;
  let [frames, ticks] = [0, 0];
  for (const { sequence } of newestOf(timeline.segments, index)) {
    for (const { durationTicks } of await samplesOf(timeline, sequence, reference.id)) {
      frames++;
      ticks += durationTicks;
    }
  }
  return ticks === 0 ? 0 : usualRate((frames * reference.timescale) / ticks);
}

function newestOf(segments: readonly Segment[], period: number): Segment[] {
  const end = segments.findLastIndex((segment) => segment.period === period) + 1;
  return segments.slice(Math.max(0, end - mostSegments), end).filter((segment) => segment.period === period);
}

async function samplesOf(timeline: TimelineReader, sequence: number, trackId: string) {
  try {
    return (await readStoredSamples(timeline, sequence, trackId))?.samples ?? [];
  } catch (error) {
    // It has left the window meanwhile.
    if (isMissingFile(error)) return [];
    throw error;
  }
}

/** A whole number a second, or that of NTSC beside it. */
function usualRate(rate: number): number {
  const candidates = [Math.round(rate), (Math.round(rate * 1.001) * 1000) / 1001];
  const [nearest = rate] = candidates.toSorted((a, b) => Math.abs(a - rate) - Math.abs(b - rate));
  return Math.abs(nearest - rate) <= rate * tolerance ? nearest : rate;
}
