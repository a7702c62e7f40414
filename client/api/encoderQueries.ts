import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { fileRoutes } from '../../shared/api/routes.ts';
import type { ServerEvents } from '../../shared/events/events.ts';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { api } from './api.ts';
import { withEvent, type EntryIngest } from './entryIngest.ts';
import { entryKeys } from './entryQueries.ts';
import { useLiveConnection } from './LiveConnection.tsx';
import { requestUrl } from './requestUrl.ts';

/** How each encoder is set up for the entry; asked for again when the entry (its name, its key) has changed. */
export function useEncoderSettings({ id, updatedAt }: LiveEntry) {
  return useQuery({
    queryKey: [...entryKeys.entry(id), 'encoderSettings', updatedAt],
    queryFn: ({ signal }) => api.listEncoderSettings({ params: { id } }, signal),
  });
}

/** Where the profile for Flash Media Live Encoder is downloaded. */
export function fmleUrl(entryId: string): string {
  return requestUrl(fileRoutes.exportFmle.path, { id: entryId });
}

const ingestKey = (id: string) => [...entryKeys.entry(id), 'ingest'];

/** Who publishes to the entry and what happened, kept up to date while somebody monitors it (`useEntryHealth`). */
export function useEntryIngest(id: string) {
  const queries = useQueryClient();
  const { socket } = useLiveConnection();
  useEffect(() => {
    if (!socket) return undefined;
    const change = (entryId: string, changed: (ingest: EntryIngest) => EntryIngest) => {
      if (entryId === id) queries.setQueryData<EntryIngest>(ingestKey(id), (ingest) => ingest && changed(ingest));
    };
    const onSources: ServerEvents['sources'] = ({ entryId, sources }) =>
      change(entryId, (ingest) => ({ ...ingest, sources: [...sources] }));
    const onEvent: ServerEvents['ingestEvent'] = ({ entryId, event }) =>
      change(entryId, (ingest) => withEvent(ingest, event));
    socket.on('sources', onSources);
    socket.on('ingestEvent', onEvent);
    return () => {
      socket.off('sources', onSources);
      socket.off('ingestEvent', onEvent);
    };
  }, [socket, queries, id]);
  return useQuery({
    queryKey: ingestKey(id),
    queryFn: ({ signal }) => api.getIngest({ params: { id } }, signal),
  });
}
