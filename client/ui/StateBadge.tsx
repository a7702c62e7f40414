import type { EntryState } from '../../shared/model/state.ts';
import classes from './StateBadge.module.css';

const labels: Record<EntryState, string> = {
  idle: 'Idle',
  starting: 'Starting',
  live: 'Live',
  interrupted: 'Interrupted',
  ended: 'Ended',
};

/** The lamp and its word; it glows only while the entry is live. */
export function StateBadge({ state, size = 'md' }: { state: EntryState; size?: 'md' | 'lg' }) {
  return (
    <span className={classes.badge} data-state={state} data-size={size}>
      <span className={classes.lamp} aria-hidden="true" />
      {labels[state]}
    </span>
  );
}
