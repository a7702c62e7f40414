import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../../shared/events/events.ts';
import { followEntries } from './followEntries.ts';

export type LiveSocket = Socket<ServerEvents, ClientEvents>;
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting';

interface LiveConnectionValue {
  readonly socket: LiveSocket | null;
  readonly state: ConnectionState;
}

const LiveConnectionContext = createContext<LiveConnectionValue>({ socket: null, state: 'connecting' });

/** One socket.io connection for the signed-in studio; keeps every cached entry's state true. */
export function LiveConnection({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [socket] = useState<LiveSocket>(() => io({ reconnectionDelayMax: 5000, autoConnect: false }));
  const [state, setState] = useState<ConnectionState>('connecting');

  useEffect(() => {
    const stopFollowing = followEntries(socket, queries);
    let again: ReturnType<typeof setTimeout> | undefined;
    socket.on('connect', () => setState('connected'));
    socket.on('disconnect', (reason) => {
      setState('reconnecting');
      // The server closed it on purpose (it is stopping, or the session ended): socket.io leaves it to us then.
      if (reason === 'io server disconnect') again = setTimeout(() => socket.connect(), 2000);
    });
    socket.on('connect_error', () => setState('reconnecting'));
    socket.connect();
    return () => {
      clearTimeout(again);
      stopFollowing();
      socket.removeAllListeners();
      socket.disconnect();
    };
  }, [socket, queries]);

  const value = useMemo(() => ({ socket, state }), [socket, state]);
  return <LiveConnectionContext value={value}>{children}</LiveConnectionContext>;
}

export function useLiveConnection(): LiveConnectionValue {
  return useContext(LiveConnectionContext);
}
