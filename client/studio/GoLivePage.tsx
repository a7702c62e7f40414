import { Navigate, useParams } from 'react-router';
import { hasCode } from '../api/apiError.ts';
import { useEntry } from '../api/entryQueries.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { ErrorState } from '../ui/ErrorState.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { PageSkeleton } from '../ui/PageSkeleton.tsx';
import { Studio } from './Studio.tsx';

/** Go live with this browser's camera. */
export function GoLivePage() {
  const { id = '' } = useParams();
  const entry = useEntry(id);
  if (entry.isPending) return <PageSkeleton />;
  if (entry.data && entry.data.type !== 'live') return <Navigate to={`/entries/${id}`} replace />;
  if (entry.data?.ingest) return <Studio key={id} entry={entry.data} ingest={entry.data.ingest} />;
  return (
    <Page title="Go live" width={760} above={<BackLink to="/entries">Entries</BackLink>}>
      {entry.isError ? (
        <ErrorState
          title={hasCode(entry.error, 'entryNotFound') ? 'This entry does not exist' : 'The entry could not be loaded'}
          error={entry.error}
          onRetry={hasCode(entry.error, 'entryNotFound') ? undefined : () => void entry.refetch()}
        />
      ) : (
        <Notice tone="note" title="You cannot go live here">
          Your account may not publish to this entry.
        </Notice>
      )}
    </Page>
  );
}
