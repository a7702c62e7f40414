import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { ClientEvents, ServerEvents, StateEvent } from '../../shared/events/events.ts';
import type { Broadcasts } from '../catalog/broadcasts.ts';
import type { Entries } from '../catalog/entries.ts';
import type { Users } from '../catalog/users.ts';
import type { Closable } from '../lifecycle.ts';
import type { Logger } from '../log.ts';
import { identifyCaller } from './callers.ts';
import type { ClipControl } from './clipControl.ts';
import { listenTo, rooms, type EventServer, type EventSocket, type SocketState } from './connection.ts';
import type { LiveControl } from './liveControl.ts';
import { isSameOrigin } from './sameOrigin.ts';

export interface EventOptions {
  /** Its other request listeners must be there already: socket.io puts itself before them. */
  readonly server: HttpServer;
  readonly entries: Entries;
  readonly broadcasts: Broadcasts;
  readonly users: Users;
  readonly live: LiveControl;
  readonly clips: Pick<ClipControl, 'onReplaced'>;
  readonly log: Logger;
  readonly now?: () => number;
}

/** Tells browsers what happens over socket.io: states to everybody, ingest and its health to those who may see them. */
export function attachEvents({
  server,
  entries,
  broadcasts,
  users,
  live,
  clips,
  log,
  now = Date.now,
}: EventOptions): Closable {
  const io: EventServer = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketState>(server, {
    serveClient: false,
    maxHttpBufferSize: 16_384,
    connectTimeout: 10_000,
    // Anyone's page may watch; without credentials, so it is nobody there.
    cors: { origin: '*', credentials: false },
  });
  const latest = new Map<string, StateEvent>();

  io.on('connection', (socket) => {
    const identified = identifySocket(socket, users).catch((error: unknown) => {
      log.error({ err: error }, 'connection could not be identified');
    });
    listenTo(socket, { entries, broadcasts, live, latest, identified, now, log });
  });

  const unsubscribe = [
    live.onState((event) => {
      latest.set(event.entryId, event);
      io.to([rooms.watch(event.entryId), rooms.all]).emit('state', event);
    }),
    live.onHealth((entryId, sample) => void io.to(rooms.monitor(entryId)).emit('health', { entryId, sample })),
    live.onFailure((entryId, failure) => void io.to(rooms.monitor(entryId)).emit('failure', { entryId, failure })),
    live.onSources((entryId, sources) => void io.to(rooms.monitor(entryId)).emit('sources', { entryId, sources })),
    live.onIngestEvent((entryId, event) => {
      const monitors = io.to(rooms.monitor(entryId));
      monitors.emit('ingestEvent', { entryId, event });
      monitors.emit('sources', { entryId, sources: live.sources(entryId) });
    }),
    clips.onReplaced((entryId) => void io.to(rooms.watch(entryId)).emit('mediaReplaced', { entryId })),
    entries.onChanged((entryId) => void io.to(rooms.all).emit('entriesChanged', { entryId })),
    entries.onDeleted((entryId) => void latest.delete(entryId)),
    users.onSignedOut((session) => signOutSockets(io, session.id)),
  ];

  let closing: Promise<void> | undefined;
  return {
    close() {
      closing ??= new Promise((resolve) => {
        for (const stop of unsubscribe) stop();
        io.disconnectSockets(true);
        io.engine.close();
        resolve();
      });
      return closing;
    },
  };
}

/** A token in the handshake counts from anywhere, the cookie only from this host's own pages. */
async function identifySocket(socket: EventSocket, users: Users): Promise<void> {
  const { headers, auth } = socket.handshake;
  const token: unknown = auth.token;
  const own = isSameOrigin(headers);
  if (typeof token === 'string') socket.data.session = await users.authenticate(token);
  else if (own || headers.authorization !== undefined)
    socket.data.session = (await identifyCaller(users, headers))?.session;
}

function signOutSockets(io: EventServer, sessionId: string): void {
  for (const socket of io.sockets.sockets.values()) {
    if (socket.data.session?.id !== sessionId) continue;
    socket.data.session = undefined;
    for (const room of socket.rooms) if (room === rooms.all || rooms.isMonitor(room)) void socket.leave(room);
  }
}
