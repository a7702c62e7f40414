import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { StateEvent } from '../../shared/events/events.ts';
import type { EntryState } from '../../shared/model/state.ts';
import { Broadcasts } from '../catalog/broadcasts.ts';
import { Entries, type StoredEntry } from '../catalog/entries.ts';
import { catalogMigrations } from '../catalog/migrations.ts';
import { Profiles } from '../catalog/profiles.ts';
import { StoredRecordings } from '../catalog/recordings.ts';
import type { CatalogTables } from '../catalog/tables.ts';
import { openDatabase } from '../database.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import type { Publication, PublishRequest } from '../ingest/publishGate.ts';
import type { Source } from '../ingest/source.ts';
import { createLog } from '../log.ts';
import { Recordings } from '../recording/recordings.ts';
import { createSegmentStore } from '../segments/createSegmentStore.ts';
import { segmentMigrations } from '../segments/segmentMigrations.ts';
import type { SegmentTables } from '../segments/segmentTables.ts';
import type { PeriodWriter, TrackWithInit } from '../segments/segmentStore.ts';
import type { Transcode, TranscodeRequest, Transcoder } from '../transcode/transcoder.ts';
import { Live } from './live.ts';

const log = createLog('silent', false);
const track: TrackWithInit = {
  kind: 'audio',
  id: 'a0',
  codec: 'mp4a.40.2',
  timescale: 1000,
  bitrateBps: 64_000,
  sampleRate: 48_000,
  channels: 2,
  init: new Uint8Array([1]),
};

/** In ffmpeg's place: stores a two-second segment whenever it is told to. */
class ScriptedTranscoder implements Transcoder {
  request: TranscodeRequest | undefined;
  running = 0;
  starts = 0;
  #period: PeriodWriter | undefined;

  start(request: TranscodeRequest): Transcode {
    this.request = request;
    this.running++;
    this.starts++;
    this.#period = undefined;
    let closed = false;
    return {
      close: () => {
        if (!closed) this.running--;
        closed = true;
        return Promise.resolve();
      },
    };
  }

  async storeSegment(nowMs: number): Promise<void> {
    const writer = this.request?.writer;
    if (!writer) throw new Error('nothing is being transcoded');
    const startMs = writer.nextStartMs(nowMs);
    this.#period ??= await writer.startPeriod({ startMs, tracks: [track] });
    const segment = this.#period.openSegment({ startMs, wallClockMs: writer.timeline.epochMs + startMs });
    segment.append('a0', { startTicks: startMs, durationTicks: 2000, independent: true, data: new Uint8Array(10) });
    await segment.complete();
  }
}

export class ScriptedSource extends EventEmitter<{ changed: [] }> implements Source {
  readonly protocol = 'rtmp';
  readonly remoteAddress = '192.0.2.1';
  readonly tracks = { audio: { codec: 'aac' as const, sampleRate: 48_000, channels: 2 } };
  lastMediaAtMs: number;
  closedWith: string | undefined;

  constructor(nowMs: number) {
    super();
    this.lastMediaAtMs = nowMs;
  }

  stats() {
    return { bytes: 0, videoFrames: 0, droppedFrames: 0, lastMediaAtMs: this.lastMediaAtMs };
  }

  open() {
    return Promise.resolve({ inputArgs: [], start: () => undefined, close: () => Promise.resolve() });
  }

  requestKeyFrame() {}

  onTracksChanged(listener: () => void) {
    this.on('changed', listener);
    return () => this.off('changed', listener);
  }

  close(reason: string) {
    this.closedWith = reason;
    return Promise.resolve();
  }
}

type Server = Awaited<ReturnType<typeof startServer>>;

async function startServer(directory: string, now: () => number, reconnectWindowSeconds: number) {
  const database = await openDatabase<CatalogTables & SegmentTables>(join(directory, 'test.db'), {
    ...catalogMigrations,
    ...segmentMigrations,
  });
  const entries = new Entries(database, { now });
  const broadcasts = new Broadcasts(database);
  const store = await createSegmentStore({ directory: join(directory, 'media'), database, log, now });
  const transcoder = new ScriptedTranscoder();
  const recorder = await Recordings.open({ entries, rows: new StoredRecordings(database), store, now, log });
  const profiles = new Profiles(database);
  const parts = { entries, profiles, broadcasts, store, transcoder, recorder, now, viewers: () => 0 };
  const rules = { stallMs: 2000, steadyMs: 10_000 };
  const live = new Live({ ...parts, reconnectWindowSeconds, rules }, log);
  await live.recover();
  const states = new EventEmitter<Record<EntryState, []>>();
  const changes: StateEvent[] = [];
  live.onState((change) => {
    changes.push(change);
    states.emit(change.state);
  });
  const stop = async () => {
    await live.close();
    await store.close();
    await database.destroy();
  };
  return { entries, broadcasts, recorder, store, transcoder, live, states, changes, stop };
}

export function admitted(answer: Publication | Refusal): Publication {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.message}`);
  return answer;
}

/** A live entry on a server that has everything but ffmpeg, and whose clock stands until it is set. */
export class LiveScene {
  nowMs = 1_800_000_000_000;
  readonly #directory: string;
  #server: Server | undefined;
  #entry: StoredEntry | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(): Promise<LiveScene> {
    const scene = new LiveScene(await mkdtemp(join(tmpdir(), 'tallylight-live-')));
    await scene.#start(300);
    scene.#entry = await scene.server.entries.create({
      type: 'live',
      name: 'Evening news',
      description: '',
      tags: [],
      profileId: 'passthrough',
      dvr: { enabled: true, windowMinutes: 120 },
      recording: 'off',
    });
    return scene;
  }

  get server(): Server {
    if (!this.#server) throw new Error('the server has not been started');
    return this.#server;
  }

  get entry(): StoredEntry {
    if (!this.#entry) throw new Error('there is no entry');
    return this.#entry;
  }

  /** The states since the server started, in their order. */
  get states(): EntryState[] {
    return this.server.changes.map(({ state }) => state);
  }

  get sourcesOnAir(): readonly unknown[] {
    return this.server.transcoder.request?.inputs ?? [];
  }

  /** Gives the entry a new stream key, for ever or until then. */
  async renewCredentials(expiresAtMs?: number): Promise<void> {
    this.#entry = await this.server.entries.renewCredentials(this.entry.id, expiresAtMs);
  }

  async restart({ reconnectWindowSeconds = 300, downMs = 0 } = {}): Promise<void> {
    await this.server.stop();
    this.nowMs += downMs;
    await this.#start(reconnectWindowSeconds);
  }

  async close(): Promise<void> {
    await this.server.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #start(reconnectWindowSeconds: number): Promise<void> {
    this.#server = await startServer(this.#directory, () => this.nowMs, reconnectWindowSeconds);
  }

  request(changes: Partial<PublishRequest> = {}): PublishRequest & { reasons: string[] } {
    const reasons: string[] = [];
    return {
      protocol: 'rtmp',
      remoteAddress: '192.0.2.1',
      streamName: `${this.entry.id}_1`,
      token: this.entry.ingest.password,
      backup: false,
      disconnect: (reason) => reasons.push(reason),
      reasons,
      ...changes,
    };
  }

  /** Somebody who is let in and sends. */
  async publish(changes: Partial<PublishRequest> = {}) {
    const request = this.request(changes);
    const publication = admitted(await this.server.live.publish(request));
    const source = new ScriptedSource(this.nowMs);
    publication.start(source);
    return { publication, source, reasons: request.reasons };
  }

  /** A publisher whose first segment is stored. */
  async goLive() {
    const isLive = once(this.server.states, 'live');
    const publisher = await this.publish();
    await this.eventually(() => this.sourcesOnAir.includes(publisher.source));
    await this.server.transcoder.storeSegment(this.nowMs);
    await isLive;
    return publisher;
  }

  /** With `setInterval` faked: time in which these sources send, and in which the session looks at them. */
  async pass(ms: number, ...sending: readonly ScriptedSource[]): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 250) {
      this.nowMs += 250;
      for (const source of sending) source.lastMediaAtMs = this.nowMs;
      vi.advanceTimersByTime(250);
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    }
  }

  /** Lets the session look at its sources until something is so. */
  async eventually(check: () => boolean): Promise<void> {
    const untilMs = performance.now() + 5000;
    while (!check()) {
      if (performance.now() > untilMs) throw new Error('it did not happen');
      await new Promise(setImmediate);
    }
  }
}
