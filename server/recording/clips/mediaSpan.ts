import type { Period } from '../../media/timeline.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { clockedParts, type ClockedPart } from './mediaClock.ts';
import { measureFrameRate } from './measuredFrameRate.ts';
import { findGaps } from './missingMedia.ts';
import { referenceTrack, segmentTimes } from './segmentTimes.ts';

/** What can be cut of an entry now; times are ms on the scale of `originMs`. */
export interface MediaSpan {
  readonly startMs: number;
  readonly endMs: number;
  /** `endMs` grows. */
  readonly live: boolean;
  /** Unix ms of what is 0 here. */
  readonly epochMs: number;
  /** In their order, at least one: where the pauses between broadcasts are left out, each has a clock of its own. */
  readonly parts: readonly ClockedPart[];
  readonly hasPicture: boolean;
  /** Frames per second; 0 where there is no picture. Where nothing says so, as measured. */
  readonly frameRate: number;
  /** Where media are missing: no clip begins or ends there. */
  readonly gaps: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly hasSource: boolean;
}

const sourceTrackId = 'v0';

/**
 * Where 0 is for those who cut. What has ended counts from its first frame, which is what its manifests begin with in
 * their VOD form. What is live counts from its timeline's epoch, which stays where it is while the window moves.
 */
export function originMs(timeline: TimelineReader): number {
  const [first] = timeline.segments;
  return timeline.ended && first ? segmentTimes(timeline, first).startMs : 0;
}

/** Undefined while there is nothing. */
export async function describeMedia(timeline: TimelineReader): Promise<MediaSpan | undefined> {
  const { segments } = timeline;
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return undefined;
  const origin = originMs(timeline);
  return {
    startMs: segmentTimes(timeline, first).startMs - origin,
    endMs: segmentTimes(timeline, last).endMs - origin,
    live: !timeline.ended,
    epochMs: timeline.epochMs + origin,
    parts: clockedParts(timeline, origin),
    hasPicture: pictured(timeline) !== undefined,
    frameRate: await frameRateOf(timeline),
    gaps: findGaps(timeline).map((gap) => ({ startMs: gap.startMs - origin, endMs: gap.endMs - origin })),
    hasSource: hasSource(timeline),
  };
}

/** Every period with a picture has the source's. */
export function hasSource(timeline: TimelineReader): boolean {
  return timeline.periods.every(
    ({ tracks }) => tracks.every(({ kind }) => kind !== 'video') || tracks.some(({ id }) => id === sourceTrackId),
  );
}

/** Resolves once a live timeline has stored what it has received up to a position, or soon anyway. */
export async function untilStored(timeline: TimelineReader, positionMs: number): Promise<void> {
  const isOnItsWay = () => !timeline.ended && timeline.growing.length > 0 && endMs(timeline) < positionMs;
  if (!isOnItsWay() || receivedMs(timeline) < positionMs) return;
  const patienceMs = 2 * timeline.targetDurationSeconds * 1000 + 1000;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stopListening();
      resolve();
    };
    const timer = setTimeout(done, patienceMs);
    const stopListening = timeline.onChanged(() => {
      if (!isOnItsWay()) done();
    });
  });
}

function endMs(timeline: TimelineReader): number {
  const last = timeline.segments.at(-1);
  return last ? segmentTimes(timeline, last).endMs : -Infinity;
}

/** How far the segments go that are still being written. */
function receivedMs({ growing }: TimelineReader): number {
  const ends = growing.flatMap(({ period, fragments }) =>
    period.tracks.map(({ id, timescale }) => {
      const last = fragments.get(id)?.at(-1);
      return last ? ((last.startTicks + last.durationTicks) * 1000) / timescale : -Infinity;
    }),
  );
  return Math.max(-Infinity, ...ends);
}

/** The last period with a picture. */
function pictured({ periods }: TimelineReader): Period | undefined {
  return periods.findLast(({ tracks }) => tracks.some(({ kind }) => kind === 'video'));
}

async function frameRateOf(timeline: TimelineReader): Promise<number> {
  const period = pictured(timeline);
  if (!period) return 0;
  const reference = referenceTrack(period.tracks);
  return (reference?.kind === 'video' && reference.frameRate) || (await measureFrameRate(timeline, period));
}
