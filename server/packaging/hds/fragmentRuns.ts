import type { Segment } from '../../media/timeline.ts';
import { fragmentNumber } from './fragmentPath.ts';

/** Adobe F4V 2.11.2.22; of the indicators only these two occur. */
const discontinuities = { endOfPresentation: 0, numbersAndTimestamps: 3 } as const;

/** A FRAGMENTRUNENTRY: fragments of one duration that follow each other, or a mark between or behind them. */
export interface FragmentRun {
  readonly firstFragment: number;
  readonly startMs: number;
  /** 0 for a mark. */
  readonly durationMs: number;
  readonly discontinuity?: number;
}

/** The runs that describe these segments, one fragment each. A new period is marked even where time goes on. */
export function fragmentRuns(segments: readonly Segment[], ended: boolean): FragmentRun[] {
  const runs: FragmentRun[] = [];
  let run: FragmentRun | undefined;
  let period = segments[0]?.period;
  let endMs = 0;
  let nextFragment = 0;
  for (const segment of segments) {
    const startMs = Math.round(segment.startMs);
    const durationMs = Math.max(1, Math.round(segment.startMs + segment.durationMs) - startMs);
    const firstFragment = fragmentNumber(segment);
    if (segment.period !== period) {
      const discontinuity = discontinuities.numbersAndTimestamps;
      runs.push({ firstFragment: nextFragment, startMs: endMs, durationMs: 0, discontinuity });
      run = undefined;
      period = segment.period;
    }
    if (run?.durationMs !== durationMs || endMs !== startMs) {
      run = { firstFragment, startMs, durationMs };
      runs.push(run);
    }
    endMs = startMs + durationMs;
    nextFragment = firstFragment + 1;
  }
  if (ended && run) {
    const discontinuity = discontinuities.endOfPresentation;
    runs.push({ firstFragment: nextFragment, startMs: endMs, durationMs: 0, discontinuity });
  }
  return runs;
}
