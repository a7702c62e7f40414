import type { Recording, VideoStatus } from '../../shared/model/entry.ts';

export type RecordingMode = Exclude<Recording, 'off'>;

export const longestRecordingMs = 24 * 3600 * 1000;
const longestName = 200;

/** Named after what was recorded: broadcasts are numbered, further parts of one recording as well. */
export function nameRecording(sourceName: string, mode: RecordingMode, number: number): string {
  const part = number === 1 ? ' (recording)' : ` (recording ${number})`;
  const suffix = mode === 'perSession' ? ` ${number}` : part;
  return sourceName.slice(0, longestName - suffix.length).trimEnd() + suffix;
}

/** The newest recording of an entry, as the rules see it. */
export interface FormerRecording {
  readonly mode: RecordingMode;
  readonly status: VideoStatus;
  readonly trimmed: boolean;
  readonly recordedMs: number;
  /** It was interrupted, for a full disk or so. */
  readonly ofThisBroadcast: boolean;
}

/**
 * Whether a broadcast's next media go on in the recording before: undefined for "yes", else why not. Empty where nobody
 * would expect it.
 */
export function reasonForNewRecording(
  mode: RecordingMode,
  former: FormerRecording | undefined,
  nextMs: number,
  limitMs: number,
): string | undefined {
  if (former?.mode !== mode || (mode === 'perSession' && !former.ofThisBroadcast)) return '';
  if (former.trimmed) return 'The recording so far has been trimmed';
  if (former.status !== 'ready') return 'The recording so far cannot be continued';
  return fits(former.recordedMs, nextMs, limitMs) ? undefined : `The recording so far has ${hoursOf(limitMs)}`;
}

export function fits(recordedMs: number, nextMs: number, limitMs: number): boolean {
  return recordedMs + nextMs <= limitMs;
}

export function hoursOf(limitMs: number): string {
  return `${Math.round((limitMs / 3_600_000) * 10) / 10} hours, the most there can be in one`;
}
