/** When a new stream key ends, as it is chosen. */
export const keyLifetimes = [
  { value: 'never', label: 'Never' },
  { value: 'day', label: 'In 1 day' },
  { value: 'week', label: 'In 7 days' },
  { value: 'month', label: 'In 30 days' },
  { value: 'time', label: 'At a time' },
] as const;
export type KeyLifetime = (typeof keyLifetimes)[number]['value'];

const dayMs = 24 * 3_600_000;
const days = { day: 1, week: 7, month: 30 } as const;

/** `time` is what a field for date and time holds, in this place's time; only looked at where it was chosen. */
export function expiryOf(
  lifetime: KeyLifetime,
  time: string,
  nowMs: number,
): { readonly expiresAt: string | null } | { readonly problem: string } {
  if (lifetime === 'never') return { expiresAt: null };
  if (lifetime !== 'time') return { expiresAt: new Date(nowMs + days[lifetime] * dayMs).toISOString() };
  const atMs = Date.parse(time);
  if (Number.isNaN(atMs)) return { problem: 'Choose a date and a time.' };
  return atMs > nowMs ? { expiresAt: new Date(atMs).toISOString() } : { problem: 'This time is over already.' };
}

const units = [
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;
const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `in 7 days`, `in 30 hours`, `in 3 minutes`; nothing where it is over. */
export function timeLeft(expiresAt: string, nowMs: number): string | undefined {
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return undefined;
  for (const [unit, unitMs] of units)
    if (leftMs >= 1.5 * unitMs) return format.format(Math.round(leftMs / unitMs), unit);
  return format.format(1, 'minute');
}

/** As a field for date and time wants it, in this place's time, to the minute. */
export function fieldTime(atMs: number): string {
  const date = new Date(atMs);
  const local = new Date(atMs - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
