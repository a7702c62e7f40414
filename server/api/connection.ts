import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import { entryIdSchema } from '../../shared/model/entry.ts';
import type { Acknowledge, ClientEvents, ServerEvents, StateEvent } from '../../shared/events/events.ts';
import type { Broadcasts } from '../catalog/broadcasts.ts';
import type { Entries, StoredEntry } from '../catalog/entries.ts';
import type { Session } from '../catalog/users.ts';
import { errorTable, type ErrorCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { LiveControl } from './liveControl.ts';
import { MessageBudget } from './messageBudget.ts';
import { mayPublish } from './permissions.ts';
import { presentState } from './presentState.ts';

export interface SocketState {
  session?: Session;
}
export type EventServer = Server<ClientEvents, ServerEvents, Record<string, never>, SocketState>;
export type EventSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketState>;

const monitorPrefix = 'monitor:';

export const rooms = {
  all: 'all',
  watch: (entryId: string) => `watch:${entryId}`,
  monitor: (entryId: string) => monitorPrefix + entryId,
  isMonitor: (room: string) => room.startsWith(monitorPrefix),
};

const maxRooms = 50;
const messageBurst = 60;
const messagesPerSecond = 5;

const entrySchema = z.object({ entryId: entryIdSchema });

interface Surroundings {
  readonly entries: Entries;
  readonly broadcasts: Broadcasts;
  readonly live: LiveControl;
  /** The last state event of each entry since the start. */
  readonly latest: ReadonlyMap<string, StateEvent>;
  /** Done when the socket's session, if it has one, is in its data. */
  readonly identified: Promise<void>;
  readonly now: () => number;
  readonly log: Logger;
}

/** Answers one browser's requests to be told things. Whatever it sends, nothing is thrown. */
export function listenTo(socket: EventSocket, around: Surroundings): void {
  new Connection(socket, around).listen();
}

class Connection {
  readonly #socket: EventSocket;
  readonly #around: Surroundings;
  readonly #budget: MessageBudget;

  constructor(socket: EventSocket, around: Surroundings) {
    this.#socket = socket;
    this.#around = around;
    this.#budget = new MessageBudget(messageBurst, messagesPerSecond, around.now);
  }

  listen(): void {
    const socket = this.#socket;
    socket.on('watch', (request, acknowledge) => this.#answer(acknowledge, () => this.#watch(request)));
    socket.on('unwatch', (request) => this.#answer(undefined, () => this.#unwatch(request)));
    socket.on('monitor', (request, acknowledge) => this.#answer(acknowledge, () => this.#monitor(request)));
    socket.on('unmonitor', (request) => this.#answer(undefined, () => this.#unmonitor(request)));
    socket.on('monitorAll', (acknowledge) => this.#answer(acknowledge, () => this.#monitorAll()));
  }

  async #watch(request: unknown): Promise<ErrorCode | undefined> {
    const { success, data } = entrySchema.safeParse(request);
    if (!success) return 'badRequest';
    const { entryId } = data;
    const { entries, broadcasts, latest } = this.#around;
    const room = rooms.watch(entryId);
    if (!this.#hasRoomFor(room)) return 'tooManyRequests';
    const entry = await entries.get(entryId);
    const broadcast = entry && (await broadcasts.last(entryId));
    if (!entry) return 'entryNotFound';
    if (this.#socket.disconnected) return undefined;
    // From here on without a pause, so that no change is missed and none arrives before the present state.
    const isNew = !this.#socket.rooms.has(room);
    void this.#socket.join(room);
    if (isNew) this.#socket.emit('state', latest.get(entryId) ?? presentState(entry, broadcast));
    return undefined;
  }

  async #unwatch(request: unknown): Promise<ErrorCode | undefined> {
    const { success, data } = entrySchema.safeParse(request);
    if (!success) return 'badRequest';
    await this.#socket.leave(rooms.watch(data.entryId));
    return undefined;
  }

  async #monitor(request: unknown): Promise<ErrorCode | undefined> {
    const { success, data } = entrySchema.safeParse(request);
    if (!success) return 'badRequest';
    const { entryId } = data;
    if (!this.#hasRoomFor(rooms.monitor(entryId))) return 'tooManyRequests';
    const entry = await this.#around.entries.get(entryId);
    await this.#around.identified;
    const refusal = this.#refuseMonitoring(entry);
    if (refusal || this.#socket.disconnected) return refusal;
    await this.#socket.join(rooms.monitor(entryId));
    const { live } = this.#around;
    for (const sample of live.recentHealth(entryId)) this.#socket.emit('health', { entryId, sample });
    this.#socket.emit('sources', { entryId, sources: live.sources(entryId) });
    const failure = live.lastFailure(entryId);
    if (failure) this.#socket.emit('failure', { entryId, failure });
    return undefined;
  }

  #refuseMonitoring(entry: StoredEntry | undefined): ErrorCode | undefined {
    const session = this.#session();
    if (!session) return 'unauthenticated';
    if (!entry) return 'entryNotFound';
    return mayPublish({ session }, entry) ? undefined : 'forbidden';
  }

  async #unmonitor(request: unknown): Promise<ErrorCode | undefined> {
    const { success, data } = entrySchema.safeParse(request);
    if (!success) return 'badRequest';
    await this.#socket.leave(rooms.monitor(data.entryId));
    return undefined;
  }

  async #monitorAll(): Promise<ErrorCode | undefined> {
    await this.#around.identified;
    if (!this.#session()) return 'unauthenticated';
    await this.#socket.join(rooms.all);
    return undefined;
  }

  #session(): Session | undefined {
    const { session } = this.#socket.data;
    return session && session.expiresAtMs > this.#around.now() ? session : undefined;
  }

  #hasRoomFor(room: string): boolean {
    return this.#socket.rooms.has(room) || this.#socket.rooms.size < maxRooms;
  }

  #answer(acknowledge: Acknowledge | undefined, act: () => Promise<ErrorCode | undefined>): void {
    const reply = (code: ErrorCode | undefined) => {
      if (typeof acknowledge === 'function')
        acknowledge(code ? { ok: false, message: errorTable[code].message } : { ok: true });
    };
    if (!this.#budget.take()) {
      reply('tooManyRequests');
      return;
    }
    act().then(reply, (error: unknown) => {
      this.#around.log.error({ err: error }, 'event could not be answered');
      reply('internal');
    });
  }
}
