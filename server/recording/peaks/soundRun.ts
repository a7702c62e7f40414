import type { AudioTrack } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { segmentIndexAt } from '../pictures/stretch.ts';

/** Sound without a gap, of one track: what one ffmpeg decodes. */
export interface SoundRun {
  readonly period: number;
  readonly track: AudioTrack;
  readonly sequences: readonly number[];
  /** Where its first sample is, in the timeline's positions. */
  readonly startMs: number;
}

/** More than this between two segments is a gap. */
const longestSeamMs = 50;

/** The stored sound between two positions, in runs. */
export function findSoundRuns(timeline: TimelineReader, fromMs: number, toMs: number): SoundRun[] {
  const runs: (SoundRun & { sequences: number[]; endMs: number })[] = [];
  const { segments } = timeline;
  for (let index = segmentIndexAt(segments, fromMs); index < segments.length; index++) {
    const segment = segments[index]!;
    if (segment.startMs >= toMs) break;
    const track = timeline.periods
      .find((period) => period.index === segment.period)
      ?.tracks.find((candidate) => candidate.kind === 'audio' && Object.hasOwn(segment.tracks, candidate.id));
    const stored = track && segment.tracks[track.id];
    if (track?.kind !== 'audio' || !stored) continue;
    const startMs = (stored.startTicks * 1000) / track.timescale;
    const endMs = startMs + (stored.durationTicks * 1000) / track.timescale;
    const last = runs.at(-1);
    const follows =
      last?.period === segment.period && last.track.id === track.id && Math.abs(startMs - last.endMs) < longestSeamMs;
    if (last && follows) {
      last.sequences.push(segment.sequence);
      last.endMs = endMs;
    } else runs.push({ period: segment.period, track, sequences: [segment.sequence], startMs, endMs });
  }
  return runs;
}
