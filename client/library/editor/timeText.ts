/** `00:01:02.345`; hours go on beyond 99. */
export function formatTime(timeMs: number): string {
  const whole = Math.max(0, Math.round(timeMs));
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const seconds = Math.floor(whole / 1000);
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(whole % 1000, 3)}`;
}

const timePattern = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6})(?:[.,](\d{1,6}))?$/;

/** Reads `1:02:03.5`, `62:03`, `3723,5`; undefined for what is no time. */
export function parseTime(text: string): number | undefined {
  const [matched, hours = '0', minutes = '0', seconds = '0', fraction = ''] = timePattern.exec(text.trim()) ?? [];
  if (matched === undefined) return undefined;
  // Sixty seconds are no minute's seconds, nor sixty minutes an hour's.
  if ((matched.includes(':') && Number(seconds) > 59) || (matched.split(':').length === 3 && Number(minutes) > 59))
    return undefined;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction || '0'}`)) * 1000);
}

/** For lists: without hours where there are none. */
export function formatShortTime(timeMs: number): string {
  return formatTime(timeMs).replace(/^00:/, '');
}

/** For screen readers: `1 minute 2.345 seconds`. */
export function spokenTime(timeMs: number): string {
  const whole = Math.max(0, Math.round(timeMs));
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor(whole / 60_000) % 60;
  const seconds = (whole % 60_000) / 1000;
  const unit = (value: number, name: string) => `${value} ${name}${value === 1 ? '' : 's'}`;
  return [hours && unit(hours, 'hour'), minutes && unit(minutes, 'minute'), unit(seconds, 'second')]
    .filter(Boolean)
    .join(' ');
}
