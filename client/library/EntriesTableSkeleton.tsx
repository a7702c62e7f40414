import { Skeleton } from '@mantine/core';
import classes from './EntriesTable.module.css';

/** The table's frame and rows, in its measures. */
export function EntriesTableSkeleton() {
  return (
    <div className={classes.frame} aria-busy="true" aria-label="Loading entries">
      <div style={{ height: 42, borderBottom: '1px solid var(--tl-line)' }} />
      {Array.from({ length: 6 }, (_, row) => (
        <div key={row} style={{ height: 64, display: 'flex', alignItems: 'center', gap: 24, padding: '0 16px' }}>
          <Skeleton h={16} style={{ flex: 1 }} maw={420 - row * 30} />
          <Skeleton h={26} w={90} radius={13} />
        </div>
      ))}
    </div>
  );
}
