import { VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Entry } from '../../shared/model/entry.ts';
import { RelativeTime } from '../ui/RelativeTime.tsx';
import { RunningTime } from '../ui/RunningTime.tsx';
import { formatDuration } from '../ui/formatDuration.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { VideoBadge } from '../ui/VideoBadge.tsx';
import { nextSort, type EntrySort } from './entriesSearch.ts';
import classes from './EntriesTable.module.css';
import { EntryActions } from './EntryActions.tsx';
import { originName } from './originName.ts';
import { Thumbnail } from './Thumbnail.tsx';

interface EntriesTableProps {
  entries: readonly Entry[];
  sort: EntrySort;
  onSort: (sort: EntrySort) => void;
  /** Another page or filter is being fetched. */
  stale: boolean;
}

export function EntriesTable({ entries, sort, onSort, stale }: EntriesTableProps) {
  const heading = (column: 'name' | 'createdAt' | 'updatedAt', label: string) => (
    <SortHeading label={label} column={column} sort={sort} onSort={onSort} />
  );
  const direction = (column: string) =>
    sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
  return (
    <div className={classes.frame} data-stale={stale || undefined} aria-busy={stale}>
      <table className={classes.table} aria-label="Entries">
        <thead>
          <tr>
            <th scope="col" aria-sort={direction('name')}>
              {heading('name', 'Name')}
            </th>
            <th scope="col" className={classes.state}>
              State
            </th>
            <th scope="col" className={classes.figure}>
              Length
            </th>
            <th scope="col" className={classes.figure}>
              Plays
            </th>
            <th scope="col" className={`${classes.time} ${classes.created}`} aria-sort={direction('createdAt')}>
              {heading('createdAt', 'Created')}
            </th>
            <th scope="col" className={`${classes.time} ${classes.updated}`} aria-sort={direction('updatedAt')}>
              {heading('updatedAt', 'Changed')}
            </th>
            <th scope="col" className={classes.actions}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  return (
    <tr>
      <td>
        <div className={classes.entry}>
          <Thumbnail entry={entry} />
          <div className={classes.words}>
            <Link to={`/entries/${entry.id}`} className={classes.name}>
              {entry.name}
            </Link>
            <span className={classes.under}>
              <Under entry={entry} />
            </span>
            <span className={classes.stateUnder}>
              <State entry={entry} />
            </span>
          </div>
        </div>
      </td>
      <td className={classes.state}>
        <State entry={entry} />
      </td>
      <td className={classes.figure}>{entry.type === 'video' ? formatDuration(entry.durationMs) : '–'}</td>
      <td className={classes.figure}>{entry.type === 'manual' ? '–' : entry.plays.toLocaleString()}</td>
      <td className={classes.created}>
        <RelativeTime at={entry.createdAt} />
      </td>
      <td className={classes.updated}>
        <RelativeTime at={entry.updatedAt} />
      </td>
      <td className={classes.actions}>
        <EntryActions entry={entry} />
      </td>
    </tr>
  );
}

function State({ entry }: { entry: Entry }) {
  if (entry.type === 'live') return <StateBadge state={entry.state} />;
  if (entry.type === 'video') return <VideoBadge video={entry} />;
  return <span className={classes.manual}>Manual URLs</span>;
}

/** Below the name: how long it has been live, else what it is about. */
function Under({ entry }: { entry: Entry }) {
  if (entry.type === 'live' && entry.state === 'live' && entry.broadcast)
    return (
      <>
        On air for <RunningTime startedAt={entry.broadcast.startedAt} />
      </>
    );
  if (entry.type === 'video')
    return (
      <>
        {originName(entry.origin)}
        <span className={classes.length}>{`, ${formatDuration(entry.durationMs)}`}</span>
        {entry.description && ` · ${entry.description}`}
      </>
    );
  return <>{entry.description || entry.tags.join(', ') || entry.id}</>;
}

interface SortHeadingProps {
  label: string;
  column: 'name' | 'createdAt' | 'updatedAt';
  sort: EntrySort;
  onSort: (sort: EntrySort) => void;
}

function SortHeading({ label, column, sort, onSort }: SortHeadingProps) {
  const active = sort === column || sort === `-${column}`;
  return (
    <button
      type="button"
      className={classes.sort}
      data-active={active || undefined}
      onClick={() => onSort(nextSort(sort, column))}
    >
      {label}
      {sort === column && <IconArrowUp size={14} aria-hidden="true" />}
      {sort === `-${column}` && <IconArrowDown size={14} aria-hidden="true" />}
    </button>
  );
}
