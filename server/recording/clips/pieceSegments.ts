import { writeFragment } from '../../media/mp4/writeFragment.ts';
import { leastPartSeconds } from '../../media/partDuration.ts';
import type { NewFragment } from '../../segments/segmentStore.ts';
import { referenceTrack } from './segmentTimes.ts';
import type { MadeTrack, TimedSample } from './madeTrack.ts';

/** What is to be stored as one segment: fragments by track id. */
export interface PieceSegment {
  readonly startMs: number;
  readonly fragments: ReadonlyMap<string, readonly NewFragment[]>;
}

/** Tracks agree within a millisecond; no frame of sound is shorter than two of these. */
const toleranceMs = 5;
/** Where times are whole milliseconds, frames may fall short of a part. */
const partToleranceSeconds = 0.002;

/** Cuts the tracks of a piece into segments, at key frames, and those into fragments, as live media are. */
export function pieceSegments(tracks: readonly MadeTrack[]): PieceSegment[] {
  const reference = referenceTrack(tracks.map(({ track }) => track));
  const leading = tracks.find(({ track }) => track.id === reference?.id) ?? tracks[0];
  if (!leading) return [];
  const others = tracks.filter(({ track }) => track !== leading.track && track.kind === 'video').map(keyFramesMs);
  const startsMs = keyFramesMs(leading).filter(
    (startMs, index) =>
      index === 0 ||
      (leading.track.kind === 'video' &&
        others.every((keyFrames) => keyFrames.some((atMs) => Math.abs(atMs - startMs) < toleranceMs))),
  );
  return startsMs.map((startMs, index) => {
    const fromMs = index === 0 ? -Infinity : startMs;
    const toMs = startsMs[index + 1] ?? Infinity;
    const fragments = tracks.map((made) => [made.track.id, fragmentsBetween(made, fromMs, toMs)] as const);
    return { startMs, fragments: new Map(fragments.filter(([, list]) => list.length > 0)) };
  });
}

/** When a track can be begun to be decoded. */
function keyFramesMs({ samples, track }: MadeTrack): number[] {
  return samples.flatMap(({ ticks, compositionTicks, sync }) =>
    sync ? [((ticks + compositionTicks) * 1000) / track.timescale] : [],
  );
}

function fragmentsBetween({ track, trackId, samples }: MadeTrack, fromMs: number, toMs: number): NewFragment[] {
  const ticksAt = (ms: number) => (ms * track.timescale) / 1000;
  const [from, to] = [ticksAt(fromMs - toleranceMs), ticksAt(toMs - toleranceMs)];
  const parts =
    track.kind === 'text'
      ? [samples.flatMap((sample) => cutToTimes(sample, Math.round(ticksAt(fromMs)), Math.round(ticksAt(toMs))))]
      : partsOf(samplesBetween(samples, from, to), track.timescale);
  // As readers place what is reordered: by the last key frame.
  let keyFrameTicks = 0;
  return parts.flatMap((part) => {
    const [first, last] = [part[0], part.at(-1)];
    if (!first || !last) return [];
    if (first.sync) keyFrameTicks = first.compositionTicks;
    return {
      startTicks: first.ticks + keyFrameTicks,
      durationTicks: last.ticks + last.durationTicks - first.ticks,
      independent: first.sync,
      data: writeFragment(trackId, first.ticks, part),
    };
  });
}

/** Pictures go with the key frame they are decoded after, which is where a segment may begin; of sound each frame is one. */
function samplesBetween(samples: readonly TimedSample[], from: number, to: number): TimedSample[] {
  let atTicks = -Infinity;
  return samples.filter(({ ticks, compositionTicks, sync }) => {
    if (sync) atTicks = ticks + compositionTicks;
    return atTicks >= from && atTicks < to;
  });
}

/** Texts last: each segment has those of its time, in one fragment. */
function cutToTimes(sample: TimedSample, from: number, to: number): TimedSample[] {
  const ticks = Math.max(from, sample.ticks);
  const durationTicks = Math.min(to, sample.ticks + sample.durationTicks) - ticks;
  return durationTicks > 0 ? [{ ...sample, ticks, durationTicks }] : [];
}

/** Runs of samples that follow each other, each as long as a part has to be. */
function partsOf(samples: readonly TimedSample[], timescale: number): TimedSample[][] {
  const parts: TimedSample[][] = [];
  let part: TimedSample[] = [];
  for (const sample of samples) {
    const first = part[0];
    const before = part.at(-1);
    const isLong = first && (sample.ticks - first.ticks) / timescale >= leastPartSeconds - partToleranceSeconds;
    if (!first || !before || isLong || before.ticks + before.durationTicks !== sample.ticks) parts.push((part = []));
    part.push(sample);
  }
  return parts;
}
