import { EventEmitter } from 'node:events';
import type { StateEvent } from '../../shared/events/events.ts';
import type { TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import { streamTokenMatches } from '../catalog/streamToken.ts';
import { refuse, type Refusal } from '../errors.ts';
import type { Publication, PublishGate, PublishRequest } from '../ingest/publishGate.ts';
import type { Logger } from '../log.ts';
import type { Track } from '../media/track.ts';
import { recoverBroadcasts, settleStates } from './recovery.ts';
import { RecentHealth } from './recentHealth.ts';
import { Session, type SessionListener, type SessionParts } from './session.ts';
import { parseStreamName } from './streamName.ts';

interface LiveEvents {
  state: [StateEvent];
  health: [string, HealthSample];
  failure: [string, TranscodeFailure];
}

/** Every entry that is on air: lets publishers in, and says what goes on. */
export class Live implements PublishGate {
  readonly #parts: SessionParts;
  readonly #log: Logger;
  readonly #sessions = new Map<string, Session>();
  readonly #events = new EventEmitter<LiveEvents>();
  readonly #health = new RecentHealth();
  readonly #failures = new Map<string, TranscodeFailure>();
  readonly #listener: SessionListener = {
    stateChanged: (event) => this.#events.emit('state', event),
    healthSampled: (entryId, sample) => {
      this.#health.add(entryId, sample);
      this.#events.emit('health', entryId, sample);
    },
    transcodeFailed: (entryId, failure) => {
      this.#failures.set(entryId, failure);
      this.#events.emit('failure', entryId, failure);
    },
    finished: (session) => {
      if (this.#sessions.get(session.entryId) === session) this.#sessions.delete(session.entryId);
    },
  };
  #closed = false;

  constructor(parts: SessionParts, log: Logger) {
    this.#parts = parts;
    this.#log = log;
    this.#events.setMaxListeners(0);
  }

  /** Takes up the broadcasts that a former run of the server left open. Call once, before publishers may come. */
  async recover(): Promise<void> {
    const open = await recoverBroadcasts(this.#parts, this.#log);
    await settleStates(this.#parts, new Set(open.map(({ broadcast }) => broadcast.entryId)));
    for (const { broadcast, writer, interruptedAtMs } of open) {
      // It was live when the server died, whatever the catalog last heard.
      this.#session(broadcast.entryId, 'live').resume(broadcast, writer, interruptedAtMs);
    }
  }

  async publish(request: PublishRequest): Promise<Publication | Refusal> {
    const answer = await this.#judge(request);
    if ('refused' in answer) {
      const { protocol, remoteAddress, streamName } = request;
      this.#log.warn({ protocol, remoteAddress, streamName, refused: answer.refused }, 'publisher refused');
    }
    return answer;
  }

  async #judge(request: PublishRequest): Promise<Publication | Refusal> {
    const name = parseStreamName(request.streamName);
    if (!name) return refuse('entryNotFound', 'This stream name belongs to no entry; copy it from the entry’s page.');
    const entry = await this.#parts.entries.get(name.entryId);
    if (!entry || entry.type !== 'live') return refuse('entryNotFound');
    if (!streamTokenMatches(entry, request.token, request.protocol)) return refuse('invalidStreamToken');
    if (name.index !== 1) return refuse('badRequest', `This entry takes one stream; publish it as ${name.entryId}_1.`);
    if (this.#closed) return refuse('overloaded', 'The server is stopping; try again in a moment.');
    return this.#session(name.entryId, entry.state).admit(request);
  }

  async end(entryId: string): Promise<void> {
    await this.#sessions.get(entryId)?.end('The broadcast was ended in the studio.');
  }

  async forget(entryId: string): Promise<void> {
    await this.#sessions.get(entryId)?.end('This entry has been deleted.');
    this.#health.forget(entryId);
    this.#failures.delete(entryId);
    await this.#parts.store.deleteEntry(entryId);
  }

  lastFailure(entryId: string): TranscodeFailure | null {
    return this.#failures.get(entryId) ?? null;
  }

  tracks(entryId: string): readonly Track[] {
    return this.#parts.store.latest(entryId)?.periods.at(-1)?.tracks ?? [];
  }

  recentHealth(entryId: string): readonly HealthSample[] {
    return this.#health.of(entryId);
  }

  onState(listener: (event: StateEvent) => void): () => void {
    this.#events.on('state', listener);
    return () => this.#events.off('state', listener);
  }

  onHealth(listener: (entryId: string, sample: HealthSample) => void): () => void {
    this.#events.on('health', listener);
    return () => this.#events.off('health', listener);
  }

  onFailure(listener: (entryId: string, failure: TranscodeFailure) => void): () => void {
    this.#events.on('failure', listener);
    return () => this.#events.off('failure', listener);
  }

  /** Throws every publisher out and stores what they sent; their broadcasts stay open for the reconnect window. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    this.#sessions.clear();
    this.#events.removeAllListeners();
  }

  #session(entryId: string, state: Session['state']): Session {
    let session = this.#sessions.get(entryId);
    if (!session) {
      session = new Session(entryId, state, this.#parts, this.#listener, this.#log.child({ entryId }));
      this.#sessions.set(entryId, session);
    }
    return session;
  }
}
