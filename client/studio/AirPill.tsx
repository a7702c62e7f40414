import { formatDuration, spokenDuration } from '../ui/formatDuration.ts';
import { useNow } from '../ui/useNow.ts';
import type { AirState } from './airState.ts';
import classes from './GoLivePage.module.css';
import type { PublishState } from './publish/publisher.ts';

const labels: Record<AirState, string> = {
  off: 'Preview',
  connecting: 'Connecting…',
  starting: 'Starting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  failed: 'Off air',
};

/** On the picture: the lamp, and for how long. */
export function AirPill({ air, publish }: { air: AirState; publish: PublishState }) {
  const sinceMs = 'sinceMs' in publish ? publish.sinceMs : null;
  const now = useNow(1000, sinceMs !== null);
  return (
    <span className={classes.pill} data-air={air}>
      {labels[air]}
      {sinceMs !== null && (
        <span className="tl-figures" role="timer" aria-label={`On air for ${spokenDuration(now - sinceMs)}`}>
          {formatDuration(now - sinceMs)}
        </span>
      )}
    </span>
  );
}
