import { useEffect, useState } from 'react';
import type { ServerEvents } from '../../shared/events/events.ts';
import type { TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import { appendSample } from './healthWindow.ts';
import { useLiveConnection } from './LiveConnection.tsx';

interface EntryHealth {
  /** The last two minutes, oldest first. */
  readonly samples: readonly HealthSample[];
  readonly failure: TranscodeFailure | null;
  /** Why the server does not tell. */
  readonly refusal: string | null;
}

const nothing: EntryHealth = { samples: [], failure: null, refusal: null };

/** Follows one entry's health for as long as the caller is on screen, over reconnects. */
export function useEntryHealth(entryId: string): EntryHealth {
  const { socket } = useLiveConnection();
  const [health, setHealth] = useState(nothing);

  useEffect(() => {
    if (!socket) return undefined;
    const monitor = () =>
      socket.emit('monitor', { entryId }, (answer) =>
        setHealth((before) => ({ ...before, refusal: answer.ok ? null : answer.message })),
      );
    const onHealth: ServerEvents['health'] = (event) => {
      if (event.entryId !== entryId) return;
      setHealth((before) => ({ ...before, samples: appendSample(before.samples, event.sample) }));
    };
    const onFailure: ServerEvents['failure'] = (event) => {
      if (event.entryId === entryId) setHealth((before) => ({ ...before, failure: event.failure }));
    };
    socket.on('connect', monitor);
    socket.on('health', onHealth);
    socket.on('failure', onFailure);
    if (socket.connected) monitor();
    return () => {
      socket.off('connect', monitor);
      socket.off('health', onHealth);
      socket.off('failure', onFailure);
      socket.emit('unmonitor', { entryId });
      setHealth(nothing);
    };
  }, [socket, entryId]);

  return health;
}
