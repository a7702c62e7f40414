import { Anchor, Stack } from '@mantine/core';
import { IconAccessPoint } from '@tabler/icons-react';
import { Link } from 'react-router';
import { isBroadcasting } from '../../../../shared/model/state.ts';
import type { IngestSource } from '../../../../shared/model/ingestSource.ts';
import { useEntryIngest } from '../../../api/encoderQueries.ts';
import { useEntryHealth } from '../../../api/useEntryHealth.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { SectionSkeleton } from '../../../ui/PageSkeleton.tsx';
import { useNow } from '../../../ui/useNow.ts';
import { useLiveEntryOfPage } from '../entryContext.ts';
import { FailureNotice } from '../FailureNotice.tsx';
import { HealthGraphs } from './HealthGraphs.tsx';
import { ingestAdvice } from './ingestAdvice.ts';
import { IngestLogSection } from './IngestLogSection.tsx';
import { bySource, sourceKey, withEarlier } from './sourceHistories.ts';
import { SourceSection } from './SourceSection.tsx';
import { useSourceHistories } from './useSourceHistories.ts';

const noSources: readonly IngestSource[] = [];

/** Who publishes, how well it arrives, what to change, and what happened. */
export function IngestTab() {
  const entry = useLiveEntryOfPage();
  const { samples, failure, refusal } = useEntryHealth(entry.id);
  const ingest = useEntryIngest(entry.id);
  const sources = ingest.data?.sources ?? noSources;
  const histories = useSourceHistories(sources);
  const now = useNow(1000);
  if (refusal)
    return (
      <Notice tone="problem" title="The ingest of this entry cannot be shown">
        {refusal}
      </Notice>
    );
  if (ingest.isPending) return <SectionSkeleton rows={5} />;
  if (ingest.isError)
    return (
      <ErrorState
        title="The ingest of this entry could not be loaded"
        error={ingest.error}
        onRetry={() => void ingest.refetch()}
      />
    );
  const { events } = ingest.data;
  const broadcasting = isBroadcasting(entry.state);
  const lastFailure = failure ?? entry.lastFailure;
  // The server's clock stamps the samples; drawing by its newest stamp keeps a wrong clock here from mattering.
  const newest = Math.max(samples.at(-1)?.at ?? 0, ...sources.map(({ health }) => health?.at ?? 0));
  const drawnAt = newest > 0 ? Math.max(newest, Math.min(now, newest + 10_000)) : now;
  return (
    <Stack gap="md">
      {ingestAdvice(sources, events, now).map(({ tone, title, text }) => (
        <Notice key={title} tone={tone} title={title}>
          {text}
        </Notice>
      ))}
      {sources.toSorted(bySource).map((source) => {
        const key = sourceKey(source);
        const history = withEarlier(source, histories.get(key) ?? [], samples);
        return <SourceSection key={key} source={source} history={history} nowMs={drawnAt} />;
      })}
      {sources.length === 0 && <NobodyPublishes entryId={entry.id} />}
      {lastFailure && <FailureNotice failure={lastFailure} />}
      <IngestLogSection events={events} nowMs={now} />
      {(broadcasting || samples.length > 0) && <HealthGraphs samples={samples} nowMs={drawnAt} />}
    </Stack>
  );
}

function NobodyPublishes({ entryId }: { entryId: string }) {
  return (
    <EmptyState icon={<IconAccessPoint size={44} stroke={1.3} />} title="No encoder is connected">
      While one is, this page shows how well its stream arrives, with advice when something is not right.{' '}
      <Anchor component={Link} to={`/entries/${entryId}/stream`}>
        Set up an encoder
      </Anchor>{' '}
      or{' '}
      <Anchor component={Link} to={`/entries/${entryId}/live`}>
        go live from this browser
      </Anchor>
      .
    </EmptyState>
  );
}
