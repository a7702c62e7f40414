import { Button } from '@mantine/core';
import { IconPlus, IconUpload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useEntries } from '../api/entryQueries.ts';
import { ErrorState } from '../ui/ErrorState.tsx';
import { Page } from '../ui/Page.tsx';
import { PageNumbers } from '../ui/PageNumbers.tsx';
import { EntriesEmpty } from './EntriesEmpty.tsx';
import { pageSize, readView, writeView, type EntriesView } from './entriesSearch.ts';
import { EntriesTable } from './EntriesTable.tsx';
import { EntriesTableSkeleton } from './EntriesTableSkeleton.tsx';
import { EntriesToolbar } from './EntriesToolbar.tsx';

export function EntriesPage() {
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search), [search]);
  const filtered = Boolean(view.search || view.type || view.state);
  const entries = useEntries({
    search: view.search || undefined,
    type: view.type ?? undefined,
    state: view.state ?? undefined,
    sort: view.sort,
    page: view.page,
    pageSize,
  });
  const change = (next: Partial<EntriesView>) =>
    setSearch(writeView({ ...view, page: 1, ...next }), { replace: next.page === undefined });

  return (
    <Page
      title="Entries"
      actions={
        <>
          <Button component={Link} to="/entries/upload" variant="outline" leftSection={<IconUpload size={17} />}>
            Upload
          </Button>
          <Button component={Link} to="/entries/new" leftSection={<IconPlus size={17} />}>
            New entry
          </Button>
        </>
      }
    >
      <EntriesToolbar view={view} onChange={change} />
      {entries.isPending && <EntriesTableSkeleton />}
      {entries.isError && (
        <ErrorState
          title="The entries could not be loaded"
          error={entries.error}
          onRetry={() => void entries.refetch()}
        />
      )}
      {entries.data && entries.data.items.length === 0 && (
        <EntriesEmpty
          filtered={filtered || view.page > 1}
          onReset={() => change({ search: '', type: null, state: null, page: 1 })}
        />
      )}
      {entries.data && entries.data.items.length > 0 && (
        <>
          <EntriesTable
            entries={entries.data.items}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
            stale={entries.isPlaceholderData}
          />
          <PageNumbers
            page={view.page}
            pageSize={pageSize}
            total={entries.data.total}
            names={['entry', 'entries']}
            onChange={(page) => change({ page })}
          />
        </>
      )}
    </Page>
  );
}
