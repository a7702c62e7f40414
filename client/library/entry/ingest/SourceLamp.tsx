import type { SourceState } from '../../../../shared/model/ingestSource.ts';
import classes from './SourceLamp.module.css';

const labels: Record<SourceState, string> = {
  onAir: 'On air',
  standby: 'Standing by',
  waiting: 'Waiting for media',
  stalled: 'Stalled',
};

/** A source's lamp and what it means; red is kept for what viewers see. */
export function SourceLamp({ state }: { state: SourceState }) {
  return (
    <span className={classes.lamp} data-state={state}>
      {labels[state]}
    </span>
  );
}
