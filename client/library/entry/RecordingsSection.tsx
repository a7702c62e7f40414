import { Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { LiveEntry, VideoEntry } from '../../../shared/model/entry.ts';
import { useRecordings } from '../../api/entryQueries.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { formatBytes } from '../../ui/formatBytes.ts';
import { formatDuration } from '../../ui/formatDuration.ts';
import { PageNumbers } from '../../ui/PageNumbers.tsx';
import { SectionSkeleton } from '../../ui/PageSkeleton.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { Section } from '../../ui/Section.tsx';
import { VideoBadge } from '../../ui/VideoBadge.tsx';
import { Thumbnail } from '../Thumbnail.tsx';
import classes from './RecordingsSection.module.css';

const pageSize = 6;

/** What was recorded of a live entry, newest first. */
export function RecordingsSection({ entry }: { entry: LiveEntry }) {
  const [page, setPage] = useState(1);
  const recordings = useRecordings(entry.id, { page, pageSize });
  if (recordings.isPending) return <SectionSkeleton rows={2} />;
  if (recordings.isError)
    return (
      <ErrorState
        title="The recordings could not be loaded"
        error={recordings.error}
        onRetry={() => void recordings.refetch()}
      />
    );
  const { items, total } = recordings.data;
  return (
    <Section title="Recordings">
      {total === 0 && <Text c="dimmed">{emptyTexts[entry.recording]}</Text>}
      <ul className={classes.list}>
        {items.map((recording) => (
          <RecordingItem key={recording.id} recording={recording} />
        ))}
      </ul>
      {total > pageSize && (
        <PageNumbers
          page={page}
          pageSize={pageSize}
          total={total}
          names={['recording', 'recordings']}
          onChange={setPage}
        />
      )}
    </Section>
  );
}

const emptyTexts: Record<LiveEntry['recording'], string> = {
  off: 'None. Recording is off; the settings turn it on.',
  append: 'None yet. Every broadcast goes to one recording, which begins with the next one.',
  perSession: 'None yet. Each broadcast becomes a recording of its own.',
};

function RecordingItem({ recording }: { recording: VideoEntry }) {
  return (
    <li className={classes.item}>
      <Thumbnail entry={recording} />
      <div className={classes.words}>
        <Link to={`/entries/${recording.id}`} className={classes.name}>
          {recording.name}
        </Link>
        <div className={classes.under}>
          {recording.status !== 'recording' && `${formatDuration(recording.durationMs)} · `}
          {formatBytes(recording.sizeBytes)} · <RelativeTime at={recording.createdAt} />
        </div>
        {recording.status !== 'ready' && <VideoBadge video={recording} />}
      </div>
    </li>
  );
}
