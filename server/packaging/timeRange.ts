/** Wall clock in Unix ms, the end not included; a side that is left out is open. */
export interface TimeRange {
  readonly startMs?: number;
  readonly endMs?: number;
}

/** A range as links to manifests carry it: empty for none. */
export function timeRangeQuery({ startMs, endMs }: TimeRange): string {
  const parameters: string[] = [];
  if (startMs !== undefined) parameters.push(`start=${startMs}`);
  if (endMs !== undefined) parameters.push(`end=${endMs}`);
  return parameters.join('&');
}
