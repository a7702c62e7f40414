import { formatRelativeTime } from './formatRelativeTime.ts';
import { useNow } from './useNow.ts';

/** How long ago; the exact time is the tooltip. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(20_000);
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {formatRelativeTime(date.getTime(), now)}
    </time>
  );
}
