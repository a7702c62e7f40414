import { Text } from '@mantine/core';
import type { LiveEntry } from '../../../shared/model/entry.ts';
import { useBroadcasts } from '../../api/entryQueries.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { SectionSkeleton } from '../../ui/PageSkeleton.tsx';
import { RunningTime } from '../../ui/RunningTime.tsx';
import { Section } from '../../ui/Section.tsx';
import classes from './OverviewTab.module.css';

const shown = 8;
const dateFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** When the entry was on air, newest first. */
export function BroadcastsSection({ entry }: { entry: LiveEntry }) {
  const broadcasts = useBroadcasts(entry.id);
  if (broadcasts.isPending) return <SectionSkeleton rows={3} />;
  if (broadcasts.isError)
    return (
      <ErrorState
        title="The broadcasts could not be loaded"
        error={broadcasts.error}
        onRetry={() => void broadcasts.refetch()}
      />
    );
  const { items, total } = broadcasts.data;
  return (
    <Section title="Broadcasts">
      {items.length === 0 && <Text c="dimmed">None yet.</Text>}
      <dl className={classes.facts}>
        {items.slice(0, shown).map((broadcast) => (
          <div key={broadcast.id} style={{ display: 'contents' }}>
            <dt>
              <time dateTime={broadcast.startedAt}>{dateFormat.format(new Date(broadcast.startedAt))}</time>
            </dt>
            <dd>
              <RunningTime startedAt={broadcast.startedAt} endedAt={broadcast.endedAt} />
              {!broadcast.endedAt && (broadcast.interruptedAt ? ', interrupted' : ', on air')}
            </dd>
          </div>
        ))}
      </dl>
      {total > shown && (
        <Text size="sm" c="dimmed" mt="sm">
          and {total - shown} earlier
        </Text>
      )}
    </Section>
  );
}
