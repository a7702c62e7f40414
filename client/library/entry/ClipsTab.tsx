import { Button } from '@mantine/core';
import { IconScissors } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Clip } from '../../../shared/api/clips.ts';
import { useClips } from '../../api/clipQueries.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { formatDuration } from '../../ui/formatDuration.ts';
import { PageNumbers } from '../../ui/PageNumbers.tsx';
import { SectionSkeleton } from '../../ui/PageSkeleton.tsx';
import { Section } from '../../ui/Section.tsx';
import { VideoBadge } from '../../ui/VideoBadge.tsx';
import classes from './ClipsTab.module.css';
import { useEntryOfPage } from './entryContext.ts';

const pageSize = 25;

/** What was cut out of the entry, to look at; each clip is changed on its own page. */
export function ClipsTab() {
  const entry = useEntryOfPage();
  const [page, setPage] = useState(1);
  const clips = useClips(entry.id, { page, pageSize });
  if (clips.isPending) return <SectionSkeleton rows={3} />;
  if (clips.isError)
    return (
      <ErrorState title="The clips could not be loaded" error={clips.error} onRetry={() => void clips.refetch()} />
    );
  const { items, total } = clips.data;
  return (
    <Section title={total === 0 ? 'Clips' : `Clips (${total.toLocaleString()})`}>
      {total === 0 ? (
        <EmptyState
          icon={<IconScissors size={36} stroke={1.5} />}
          title="No clips yet"
          action={
            <Button component={Link} to={`/entries/${entry.id}/editor`} leftSection={<IconScissors size={16} />}>
              Open the editor
            </Button>
          }
        >
          Clips that are cut out of this entry are listed here. Each is an entry of its own.
        </EmptyState>
      ) : (
        <>
          <ClipsTable clips={items} />
          {total > pageSize && (
            <PageNumbers page={page} pageSize={pageSize} total={total} names={['clip', 'clips']} onChange={setPage} />
          )}
        </>
      )}
    </Section>
  );
}

function ClipsTable({ clips }: { clips: readonly Clip[] }) {
  return (
    <table className={classes.table} aria-label="Clips of this entry">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" className={classes.wide}>
            Id
          </th>
          <th scope="col" className={classes.wide}>
            Creator
          </th>
          <th scope="col" className={classes.figure}>
            Plays
          </th>
          <th scope="col" className={classes.figure}>
            Duration
          </th>
        </tr>
      </thead>
      <tbody>
        {clips.map((clip) => (
          <tr key={clip.id}>
            <td>
              <Link to={`/entries/${clip.id}`} className={classes.name}>
                {clip.name}
              </Link>
              {clip.status !== 'ready' && <VideoBadge video={clip} />}
              <div className={classes.under}>
                <code>{clip.id}</code> · {clip.createdBy ?? '–'}
              </div>
            </td>
            <td className={classes.wide}>
              <code>{clip.id}</code>
            </td>
            <td className={classes.wide}>{clip.createdBy ?? '–'}</td>
            <td className={classes.figure}>{clip.plays.toLocaleString()}</td>
            <td className={classes.figure}>{formatDuration(clip.durationMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
