const steps = [
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [2_592_000_000, 86_400_000, 'day'],
  [31_536_000_000, 2_592_000_000, 'month'],
] as const;

const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `just now`, `5 minutes ago`, `yesterday`. What a clock that runs ahead calls the future is now. */
export function formatRelativeTime(atMs: number, nowMs: number): string {
  const difference = Math.min(0, atMs - nowMs);
  const size = Math.abs(difference);
  // Seconds would be wrong as soon as they are read.
  if (size < 60_000) return 'just now';
  for (const [below, unitMs, unit] of steps)
    if (size < below) return format.format(Math.trunc(difference / unitMs), unit);
  return format.format(Math.trunc(difference / 31_536_000_000), 'year');
}
