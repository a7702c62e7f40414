import { formatDuration } from './formatDuration.ts';
import { useNow } from './useNow.ts';

/** A duration that runs until `endedAt`. */
export function RunningTime({ startedAt, endedAt }: { startedAt: string; endedAt?: string | null }) {
  const now = useNow(1000, !endedAt);
  const until = endedAt ? Date.parse(endedAt) : now;
  return <span className="tl-figures">{formatDuration(until - Date.parse(startedAt))}</span>;
}
