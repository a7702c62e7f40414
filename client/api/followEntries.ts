import type { QueryClient } from '@tanstack/react-query';
import type { StateEvent } from '../../shared/events/events.ts';
import type { Entry } from '../../shared/model/entry.ts';
import { entryKeys } from './entryQueries.ts';
import type { LiveSocket } from './LiveConnection.tsx';

interface EntryList {
  items: Entry[];
  total: number;
}

const rereadAfterMs = 400;

/** Writes state events into the cache at once, and reads again soon after what they imply (broadcast, renditions). */
export function followEntries(socket: LiveSocket, queries: QueryClient): () => void {
  const lastChangeAt = new Map<string, number>();
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const rereadSoon = (entryId: string) => {
    changed.add(entryId);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const id of changed) void queries.invalidateQueries({ queryKey: entryKeys.entry(id) });
      changed.clear();
      void queries.invalidateQueries({ queryKey: entryKeys.lists });
    }, rereadAfterMs);
  };

  const onState = (event: StateEvent) => {
    if ((lastChangeAt.get(event.entryId) ?? 0) > event.at) return;
    lastChangeAt.set(event.entryId, event.at);
    queries.setQueryData<Entry>(entryKeys.entry(event.entryId), (entry) => entry && withState(entry, event));
    queries.setQueriesData<EntryList>({ queryKey: entryKeys.lists }, (list) => list && listWithState(list, event));
    rereadSoon(event.entryId);
  };
  const onEntriesChanged = ({ entryId }: { entryId: string }) => rereadSoon(entryId);
  let connectedBefore = false;
  const onConnect = () => {
    socket.emit('monitorAll');
    // What happened while the connection was away was not told.
    if (connectedBefore) void queries.invalidateQueries();
    connectedBefore = true;
  };

  socket.on('connect', onConnect);
  socket.on('state', onState);
  socket.on('entriesChanged', onEntriesChanged);
  return () => {
    clearTimeout(timer);
    socket.off('connect', onConnect);
    socket.off('state', onState);
    socket.off('entriesChanged', onEntriesChanged);
  };
}

function withState(entry: Entry, event: StateEvent): Entry {
  return entry.type === 'live' && entry.state !== event.state ? { ...entry, state: event.state } : entry;
}

function listWithState(list: EntryList, event: StateEvent): EntryList {
  if (!list.items.some((entry) => entry.id === event.entryId)) return list;
  return {
    ...list,
    items: list.items.map((entry) => (entry.id === event.entryId ? withState(entry, event) : entry)),
  };
}
