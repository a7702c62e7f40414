import type { TimeRange } from '../packaging/timeRange.ts';

const longestTime = 40;
/** The year 9999: what ISO 8601 has without agreement. */
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** The `+` of an offset that was not escaped is read as a space. */
const isoTime =
  /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(Z|[+\- ](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$/i;

/** `?start=&end=`: which part of the timeline is wanted. Undefined: all of it. Both from inclusive to exclusive. */
export function parseTimeRange(query: URLSearchParams): TimeRange | 'invalidTimeRange' | undefined {
  const [start, end] = [query.getAll('start'), query.getAll('end')];
  if (start.length === 0 && end.length === 0) return undefined;
  if (start.length > 1 || end.length > 1) return 'invalidTimeRange';
  const [startMs, endMs] = [start[0], end[0]].map((text) => (text === undefined ? undefined : parseTime(text)));
  if (startMs === 'invalid' || endMs === 'invalid') return 'invalidTimeRange';
  if (startMs !== undefined && endMs !== undefined && startMs >= endMs) return 'invalidTimeRange';
  return { ...(startMs !== undefined && { startMs }), ...(endMs !== undefined && { endMs }) };
}

function parseTime(text: string): number | 'invalid' {
  if (text.length > longestTime) return 'invalid';
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : parseIsoTime(text);
  return ms >= 0 && ms <= latestMs ? ms : 'invalid';
}

/** NaN for anything else. Without a zone it is UTC. */
function parseIsoTime(text: string): number {
  const match = isoTime.exec(text);
  if (!match) return NaN;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  const dayMs = Date.parse(`${date}T00:00Z`);
  // `Date` takes the 31st of June for the 1st of July.
  if (Number.isNaN(dayMs) || new Date(dayMs).toISOString().slice(0, 10) !== date) return NaN;
  const milliseconds = time.replace(',', '.').replace(/(\.\d{3})\d+$/, '$1');
  return Date.parse(`${date}T${milliseconds}${offsetOf(zone)}`);
}

/** `+02` and `+0200` as `+02:00`. */
function offsetOf(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.startsWith('-') ? '-' : '+'}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
