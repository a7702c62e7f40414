import { Button } from '@mantine/core';
import { IconBroadcast, IconExternalLink } from '@tabler/icons-react';
import { Link, Navigate, Outlet, useLocation, useParams } from 'react-router';
import type { Entry } from '../../../shared/model/entry.ts';
import { paths } from '../../../shared/urls.ts';
import { hasCode } from '../../api/apiError.ts';
import { useEntry } from '../../api/entryQueries.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { BackLink } from '../../ui/BackLink.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageSkeleton } from '../../ui/PageSkeleton.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { VideoBadge } from '../../ui/VideoBadge.tsx';
import { CutButtons } from './CutButtons.tsx';
import { EntryTabs, isForeignTab } from './EntryTabs.tsx';

/** An entry's page: what it is, its state, and tabs for the rest. */
export function EntryPage() {
  const { id = '' } = useParams();
  const entry = useEntry(id);
  if (entry.isPending) return <PageSkeleton />;
  if (entry.isError)
    return (
      <Page title="Entry" width={760} above={<BackLink to="/entries">Entries</BackLink>}>
        <ErrorState
          title={hasCode(entry.error, 'entryNotFound') ? 'This entry does not exist' : 'The entry could not be loaded'}
          error={entry.error}
          onRetry={hasCode(entry.error, 'entryNotFound') ? undefined : () => void entry.refetch()}
        />
      </Page>
    );
  return <LoadedEntryPage entry={entry.data} />;
}

function LoadedEntryPage({ entry }: { entry: Entry }) {
  const { pathname } = useLocation();
  if (isForeignTab(pathname, entry.type)) return <Navigate to={`/entries/${entry.id}`} replace />;
  return (
    <Page
      title={entry.name}
      badge={
        <>
          {entry.type === 'live' && <StateBadge state={entry.state} size="lg" />}
          {entry.type === 'video' && <VideoBadge video={entry} size="lg" />}
        </>
      }
      above={<BackLink to="/entries">Entries</BackLink>}
      actions={
        <>
          <Button
            variant="outline"
            component="a"
            href={paths.watch(entry.id)}
            target="_blank"
            rel="noreferrer"
            leftSection={<IconExternalLink size={16} />}
          >
            Watch page
          </Button>
          {entry.type !== 'manual' && <CutButtons entry={entry} />}
          {entry.type === 'live' && (
            <Button
              variant={entry.state === 'live' ? 'outline' : 'filled'}
              component={Link}
              to={`/entries/${entry.id}/live`}
              leftSection={<IconBroadcast size={17} />}
            >
              Go live
            </Button>
          )}
        </>
      }
    >
      <EntryTabs entry={entry} />
      <Outlet context={entry} />
    </Page>
  );
}
