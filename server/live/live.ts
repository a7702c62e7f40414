import { EventEmitter } from 'node:events';
import type { EntryState } from '../../shared/model/state.ts';
import type { StateEvent } from '../../shared/events/events.ts';
import type { TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';
import type { StoredEntry } from '../catalog/storedEntry.ts';
import { judgePublisher } from '../catalog/streamToken.ts';
import { refuse, type Refusal } from '../errors.ts';
import type {
  CredentialGate,
  Publication,
  PublisherLogin,
  PublishGate,
  PublishRequest,
} from '../ingest/publishGate.ts';
import type { Logger } from '../log.ts';
import { IngestLog } from './ingestLog.ts';
import { recoverBroadcasts, settleStates } from './recovery.ts';
import { RecentHealth } from './recentHealth.ts';
import { Session } from './session.ts';
import type { SessionListener, SessionParts } from './sessionParts.ts';
import { parseStreamName, type StreamName } from './streamName.ts';

/** ffmpeg shows the first 255 bytes. */
const missingKey =
  'The stream key is missing: put ?token=… behind the stream name, or ?auth=adobe behind rtmp://…/live to log in with user name and password; the entry’s page has both.';
const wrongPassword = 'The user name or the password is not right; copy them again from the entry’s page.';
const unknownName = 'This stream name belongs to no entry; copy it from the entry’s page.';

interface LiveEvents {
  state: [StateEvent];
  health: [string, HealthSample];
  failure: [string, TranscodeFailure];
  sources: [string, readonly IngestSource[]];
  ingest: [string, IngestEvent];
}

/** As many as Kaltura's ingest flavors. */
const mostStreams = 7;

/** Every entry that is on air: lets publishers in, and says what goes on. */
export class Live implements PublishGate, CredentialGate {
  readonly #parts: SessionParts;
  readonly #log: Logger;
  readonly #sessions = new Map<string, Session>();
  readonly #events = new EventEmitter<LiveEvents>();
  readonly #health = new RecentHealth();
  readonly #failures = new Map<string, TranscodeFailure>();
  readonly #ingestLog = new IngestLog();
  readonly #listener: SessionListener = {
    stateChanged: (event) => this.#events.emit('state', event),
    healthSampled: (entryId, sample) => {
      this.#health.add(entryId, sample);
      this.#events.emit('health', entryId, sample);
    },
    sourcesSampled: (entryId, sources) => this.#events.emit('sources', entryId, sources),
    ingestHappened: (entryId, event) => {
      this.#ingestLog.add(entryId, event);
      this.#events.emit('ingest', entryId, event);
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
      await this.#session(broadcast.entryId, 'live').resume(broadcast, writer, interruptedAtMs);
    }
    await this.#parts.recorder.settle();
  }

  async publish(request: PublishRequest): Promise<Publication | Refusal> {
    const name = parseStreamName(request.streamName);
    const answer = name ? await this.#judge(request, name) : refuse('entryNotFound', unknownName);
    if ('refused' in answer) {
      const { protocol, remoteAddress, streamName } = request;
      this.#log.warn({ protocol, remoteAddress, streamName, refused: answer.refused }, 'publisher refused');
    }
    return answer;
  }

  async authenticate({ protocol, remoteAddress, credentials }: PublisherLogin): Promise<Refusal | undefined> {
    const entry = await this.#parts.entries.get(credentials.username);
    const judged = entry ? judgePublisher(entry, { protocol, credentials }, this.#parts.now()) : 'wrong';
    if (judged === 'right') return undefined;
    const refusal = judged === 'expired' ? refuse('streamKeyExpired') : refuse('invalidStreamToken', wrongPassword);
    this.#log.warn({ protocol, remoteAddress, refused: refusal.refused }, 'publisher refused');
    if (entry?.type === 'live') this.#tellRefused(entry.id, remoteAddress, refusal);
    return refusal;
  }

  async #judge(request: PublishRequest, { entryId, index }: StreamName): Promise<Publication | Refusal> {
    const entry = await this.#parts.entries.get(entryId);
    if (!entry || entry.type !== 'live') return refuse('entryNotFound');
    const answer = (await this.#refuseStream(entry, index)) ?? this.#admit(request, entry, index);
    if ('refused' in answer) {
      this.#tellRefused(entryId, request.remoteAddress, answer);
    }
    return answer;
  }

  /** Streams beside the first need a profile that keeps them as they are. */
  async #refuseStream(entry: StoredEntry, index: number): Promise<Refusal | undefined> {
    if (index === 1) return undefined;
    if (index > mostStreams) return refuse('badRequest', `An entry takes at most ${mostStreams} streams.`);
    const { profiles } = this.#parts;
    const profile = (entry.profileId ? await profiles.get(entry.profileId) : undefined) ?? (await profiles.default());
    if (profile.flavors.length === 0) return undefined;
    const advice = `publish only ${entry.id}_1, or give the entry the Passthrough profile`;
    return refuse('badRequest', `The profile “${profile.name}” makes the renditions itself: ${advice}.`);
  }

  #tellRefused(entryId: string, remoteAddress: string, refusal: Refusal): void {
    const message = `An encoder at ${remoteAddress} was refused: ${refusal.message}`;
    this.#listener.ingestHappened(entryId, { at: this.#isoNow(), kind: 'refused', message });
  }

  #admit(request: PublishRequest, entry: StoredEntry, index: number): Publication | Refusal {
    const judged = judgePublisher(entry, request, this.#parts.now());
    if (judged === 'wrong') return refuse('invalidStreamToken', missingKeyOf(request));
    if (judged === 'expired') return refuse('streamKeyExpired');
    if (this.#closed) return refuse('overloaded', 'The server is stopping; try again in a moment.');
    return this.#session(entry.id, 'idle').admit(request, index);
  }

  async end(entryId: string): Promise<void> {
    await this.#sessions.get(entryId)?.end('The broadcast was ended in the studio.');
  }

  async forget(entryId: string): Promise<void> {
    await this.#sessions.get(entryId)?.end('This entry has been deleted.');
    this.#health.forget(entryId);
    this.#failures.delete(entryId);
    this.#ingestLog.forget(entryId);
    await this.#parts.store.deleteEntry(entryId);
  }

  lastFailure(entryId: string): TranscodeFailure | null {
    return this.#failures.get(entryId) ?? null;
  }

  recentHealth(entryId: string): readonly HealthSample[] {
    return this.#health.of(entryId);
  }

  /** Those that can be watched. */
  broadcasts(): { readonly entryId: string; readonly broadcastId: string }[] {
    return [...this.#sessions.values()].flatMap(({ entryId, broadcastId }) =>
      broadcastId === undefined ? [] : [{ entryId, broadcastId }],
    );
  }

  /** Everybody who publishes to the entry now. */
  sources(entryId: string): readonly IngestSource[] {
    return this.#sessions.get(entryId)?.sources ?? [];
  }

  /** What happened to its ingest since the server started, oldest first. */
  ingestEvents(entryId: string): readonly IngestEvent[] {
    return this.#ingestLog.of(entryId);
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

  onSources(listener: (entryId: string, sources: readonly IngestSource[]) => void): () => void {
    this.#events.on('sources', listener);
    return () => this.#events.off('sources', listener);
  }

  onIngestEvent(listener: (entryId: string, event: IngestEvent) => void): () => void {
    this.#events.on('ingest', listener);
    return () => this.#events.off('ingest', listener);
  }

  /** Throws every publisher out and stores what they sent; their broadcasts stay open for the reconnect window. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
    this.#sessions.clear();
    this.#events.removeAllListeners();
  }

  #isoNow(): string {
    return new Date(this.#parts.now()).toISOString();
  }

  #session(entryId: string, state: EntryState): Session {
    let session = this.#sessions.get(entryId);
    if (!session) {
      session = new Session(entryId, state, this.#parts, this.#listener, this.#log.child({ entryId }));
      this.#sessions.set(entryId, session);
    }
    return session;
  }
}

/** For encoders, which show the sentence; a wrong key has the usual one. */
function missingKeyOf({ protocol, token, credentials }: PublishRequest): string | undefined {
  const isRtmp = protocol === 'rtmp' || protocol === 'rtmps';
  return isRtmp && token === undefined && credentials === undefined ? missingKey : undefined;
}
