interface ViewerCount {
  readonly at: string;
  readonly viewers: number;
}

export interface ViewerFigures {
  readonly peak: number;
  readonly average: number;
  /** `x y` pairs from 0 to 1, the top being the peak. */
  readonly points: readonly (readonly [number, number])[];
}

/** Undefined where there is nothing to draw yet. */
export function viewerFigures(counts: readonly ViewerCount[]): ViewerFigures | undefined {
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last) return undefined;
  const startMs = Date.parse(first.at);
  const spanMs = Math.max(Date.parse(last.at) - startMs, 1);
  const peak = Math.max(...counts.map(({ viewers }) => viewers));
  const sum = counts.reduce((total, { viewers }) => total + viewers, 0);
  const scale = Math.max(peak, 1);
  return {
    peak,
    average: Math.round((sum / counts.length) * 10) / 10,
    points: counts.map(({ at, viewers }) => [(Date.parse(at) - startMs) / spanMs, viewers / scale] as const),
  };
}
