import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RouteBody, RouteQuery } from '../../shared/api/route.ts';
import type { ApiRoutes } from '../../shared/api/routes.ts';
import type { Entry } from '../../shared/model/entry.ts';
import { api } from './api.ts';

export type EntriesQuery = NonNullable<RouteQuery<ApiRoutes['listEntries']>>;
export type EntryChange = RouteBody<ApiRoutes['updateEntry']>;
export type NewEntry = RouteBody<ApiRoutes['createEntry']>;

export const entryKeys = {
  lists: ['entries'] as const,
  list: (query: EntriesQuery) => ['entries', query] as const,
  entry: (id: string) => ['entry', id] as const,
  broadcasts: (id: string) => ['entry', id, 'broadcasts'] as const,
  flavors: (id: string) => ['entry', id, 'flavors'] as const,
  recordings: (id: string) => ['entry', id, 'recordings'] as const,
  viewers: (id: string, broadcast: string) => ['entry', id, 'viewers', broadcast] as const,
};

const rereadEveryMs = 5000;

/** Videos that are being recorded or made become longer, or get on, without anybody being told. */
function isChanging(entry: Entry): boolean {
  return entry.type === 'video' && (entry.status === 'recording' || entry.status === 'processing');
}

export function useEntries(query: EntriesQuery) {
  return useQuery({
    queryKey: entryKeys.list(query),
    queryFn: ({ signal }) => api.listEntries({ query }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => state.data?.items.some(isChanging) && rereadEveryMs,
  });
}

export function useEntry(id: string) {
  return useQuery({
    queryKey: entryKeys.entry(id),
    queryFn: ({ signal }) => api.getEntry({ params: { id } }, signal),
    refetchInterval: ({ state }) => state.data && isChanging(state.data) && rereadEveryMs,
  });
}

/** A page of what was recorded of a live entry, newest first. */
export function useRecordings(id: string, query: { page: number; pageSize: number }) {
  return useQuery({
    queryKey: [...entryKeys.recordings(id), query],
    queryFn: ({ signal }) => api.listRecordings({ params: { id }, query }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => state.data?.items.some(isChanging) && rereadEveryMs,
  });
}

/** How many watched a broadcast, minute by minute. */
export function useViewers(id: string, broadcast: string, running: boolean) {
  return useQuery({
    queryKey: entryKeys.viewers(id, broadcast),
    queryFn: ({ signal }) => api.listViewers({ params: { id, broadcast } }, signal),
    refetchInterval: running && 30_000,
  });
}

export function useBroadcasts(id: string) {
  return useQuery({
    queryKey: entryKeys.broadcasts(id),
    queryFn: ({ signal }) => api.listBroadcasts({ params: { id } }, signal),
  });
}

export function useFlavors(id: string) {
  return useQuery({
    queryKey: entryKeys.flavors(id),
    queryFn: ({ signal }) => api.listFlavors({ params: { id } }, signal),
  });
}

/** A change that answers with the entry as it is now. */
function useEntryMutation<Input>(mutationFn: (input: Input) => Promise<Entry>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (entry) => {
      queries.setQueryData(entryKeys.entry(entry.id), entry);
      void queries.invalidateQueries({ queryKey: entryKeys.lists });
    },
  });
}

export function useCreateEntry() {
  return useEntryMutation((body: NewEntry) => api.createEntry({ body }));
}

export function useUpdateEntry(id: string) {
  return useEntryMutation((body: EntryChange) => api.updateEntry({ params: { id }, body }));
}

export function useRenewCredentials(id: string) {
  return useEntryMutation((body: RouteBody<ApiRoutes['renewCredentials']>) =>
    api.renewCredentials({ params: { id }, body }),
  );
}

export function useEndBroadcast(id: string) {
  return useEntryMutation(() => api.endBroadcast({ params: { id } }));
}

export function useDeleteEntry() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.deleteEntry({ params: { id } }),
    // Lists only: an entry's page that is still shown would ask for what is gone.
    onSuccess: () => void queries.invalidateQueries({ queryKey: entryKeys.lists }),
  });
}
