/** What viewers notice of a switch. */
export interface Hiccup {
  /** Frames that they never see. */
  readonly missing: number;
  /** Frames that they see again, or that stand still. */
  readonly repeated: number;
}

/** Frames before and behind a switch that are looked at: two seconds at 25 a second. */
const closeFrames = 50;

/** At each discontinuity: `runs` are the burnt-in clocks (ms) of the frames between them. */
export function switchHiccups(runs: readonly (readonly number[])[], frameMs: number): Hiccup[] {
  return runs.slice(1).map((after, index) => {
    const clocks = [...(runs[index] ?? []).slice(-closeFrames), ...after.slice(0, closeFrames)];
    const steps = clocks.slice(1).map((value, at) => Math.round((value - (clocks[at] ?? 0)) / frameMs) - 1);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return {
      missing: sum(steps.filter((step) => step > 0)),
      repeated: Math.abs(sum(steps.filter((step) => step < 0))),
    };
  });
}
