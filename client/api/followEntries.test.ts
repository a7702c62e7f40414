import { QueryClient } from '@tanstack/react-query';
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../shared/model/entry.ts';
import { entryKeys } from './entryQueries.ts';
import { followEntries } from './followEntries.ts';
import type { LiveSocket } from './LiveConnection.tsx';

const id = '0_abcdefgh';
const entry = { id, type: 'live', state: 'idle', name: 'Morning show' } as Entry;

function followed() {
  const socket = new EventEmitter();
  const queries = new QueryClient();
  queries.setQueryData(entryKeys.entry(id), entry);
  queries.setQueryData(entryKeys.list({ page: 1 }), { items: [entry], total: 1 });
  const stop = followEntries(socket as unknown as LiveSocket, queries);
  const states = () => [
    queries.getQueryData<{ state: string }>(entryKeys.entry(id))?.state,
    queries.getQueryData<{ items: { state: string }[] }>(entryKeys.list({ page: 1 }))?.items[0]?.state,
  ];
  return { socket, queries, stop, states };
}

afterEach(() => vi.useRealTimers());

describe('followEntries', () => {
  it('writes a new state into the entry and every list that shows it', () => {
    const { socket, stop, states } = followed();
    socket.emit('state', { entryId: id, state: 'live', broadcastId: 'b', at: 2 });
    expect(states()).toEqual(['live', 'live']);
    stop();
  });

  it('ignores an event older than the last one', () => {
    const { socket, stop, states } = followed();
    socket.emit('state', { entryId: id, state: 'ended', broadcastId: 'b', at: 5 });
    socket.emit('state', { entryId: id, state: 'live', broadcastId: 'b', at: 4 });
    expect(states()).toEqual(['ended', 'ended']);
    stop();
  });

  it('reads a burst of changes again once', () => {
    vi.useFakeTimers();
    const { socket, queries, stop } = followed();
    const invalidate = vi.spyOn(queries, 'invalidateQueries');
    for (let at = 1; at < 20; at++) socket.emit('entriesChanged', { entryId: id });
    expect(invalidate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(invalidate.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([entryKeys.entry(id), entryKeys.lists]);
    stop();
  });

  it('reads everything again after a reconnect, not at the first connection', () => {
    const { socket, queries, stop } = followed();
    const invalidate = vi.spyOn(queries, 'invalidateQueries');
    socket.emit('connect');
    expect(invalidate).not.toHaveBeenCalled();
    socket.emit('connect');
    expect(invalidate).toHaveBeenCalledWith();
    stop();
    expect(socket.eventNames()).toEqual([]);
  });
});
