import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventEmitter, once } from 'node:events';
import type { EntryState } from '../../shared/model/state.ts';
import { Broadcasts } from '../catalog/broadcasts.ts';
import { Entries, type StoredEntry } from '../catalog/entries.ts';
import { catalogMigrations } from '../catalog/migrations.ts';
import { Profiles } from '../catalog/profiles.ts';
import { StoredRecordings } from '../catalog/recordings.ts';
import type { CatalogTables } from '../catalog/tables.ts';
import { openDatabase } from '../database.ts';
import { isRefusal, type ErrorCode, type Refusal } from '../errors.ts';
import type { Publication, PublisherLogin, PublishRequest } from '../ingest/publishGate.ts';
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
  #period: PeriodWriter | undefined;

  start(request: TranscodeRequest): Transcode {
    this.request = request;
    this.running++;
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

class ScriptedSource extends EventEmitter<{ changed: [] }> implements Source {
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

describe('a live entry', () => {
  let directory: string;
  let nowMs: number;
  let entry: StoredEntry;
  let server: Awaited<ReturnType<typeof start>>;

  async function start(reconnectWindowSeconds = 300) {
    const database = await openDatabase<CatalogTables & SegmentTables>(join(directory, 'test.db'), {
      ...catalogMigrations,
      ...segmentMigrations,
    });
    const now = () => nowMs;
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
    const seen: EntryState[] = [];
    live.onState(({ state }) => {
      seen.push(state);
      states.emit(state);
    });
    const stop = async () => {
      await live.close();
      await store.close();
      await database.destroy();
    };
    return { entries, broadcasts, recorder, store, transcoder, live, states, seen, stop };
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tallylight-live-'));
    nowMs = 1_800_000_000_000;
    server = await start();
    entry = await server.entries.create({
      type: 'live',
      name: 'Evening news',
      description: '',
      tags: [],
      profileId: 'passthrough',
      dvr: { enabled: true, windowMinutes: 120 },
      recording: 'off',
    });
  });

  afterEach(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function request(changes: Partial<PublishRequest> = {}): PublishRequest & { reasons: string[] } {
    const reasons: string[] = [];
    return {
      protocol: 'rtmp',
      remoteAddress: '192.0.2.1',
      streamName: `${entry.id}_1`,
      token: entry.ingest.password,
      backup: false,
      disconnect: (reason) => reasons.push(reason),
      reasons,
      ...changes,
    };
  }

  function admitted(answer: Publication | Refusal): Publication {
    if (isRefusal(answer)) throw new Error(`refused: ${answer.message}`);
    return answer;
  }

  /** A publisher whose first segment is stored. */
  async function goLive() {
    const publication = admitted(await server.live.publish(request()));
    const source = new ScriptedSource(nowMs);
    const isLive = once(server.states, 'live');
    publication.start(source);
    await server.entries.get(entry.id);
    while (!server.transcoder.request) await new Promise(setImmediate);
    await server.transcoder.storeSegment(nowMs);
    await isLive;
    return { publication, source };
  }

  it('is starting when a publisher is let in and live when its first segment can be played', async () => {
    await goLive();
    expect(server.seen).toEqual(['starting', 'live']);
    expect((await server.entries.get(entry.id))?.state).toBe('live');
    expect((await server.broadcasts.last(entry.id))?.endedAtMs).toBeNull();
  });

  it.each<[string, () => Partial<PublishRequest>, ErrorCode]>([
    ['an unknown stream name', () => ({ streamName: 'whatever' }), 'entryNotFound'],
    ['an unknown entry', () => ({ streamName: '0_zzzzzzzz_1' }), 'entryNotFound'],
    ['a wrong token', () => ({ token: 'wrong' }), 'invalidStreamToken'],
    ['no token', () => ({ token: undefined }), 'invalidStreamToken'],
    ['a browser’s token over RTMP', () => ({ token: entry.ingest.whipToken }), 'invalidStreamToken'],
    ['too many streams', () => ({ streamName: `${entry.id}_8` }), 'badRequest'],
  ])('refuses %s with a reason', async (_what, changes, code) => {
    expect(await server.live.publish(request(changes()))).toMatchObject({ refused: code });
    expect(server.seen).toEqual([]);
  });

  describe('with a stream key that has expired', () => {
    const proofs = (of: StoredEntry): [string, Partial<PublishRequest>][] => [
      ['RTMP’s token', { token: of.ingest.password }],
      ['RTSP’s user name and password', { protocol: 'rtsp', token: undefined, credentials: knowing(of) }],
      ['WHIP’s token', { protocol: 'whip', streamName: of.id, token: of.ingest.whipToken }],
    ];
    const knowing = ({ id, ingest }: StoredEntry, password = ingest.password) => ({
      username: id,
      matches: (expected: string) => expected === password,
    });
    const login = (credentials: PublisherLogin['credentials']) =>
      server.live.authenticate({ protocol: 'rtmp', remoteAddress: '192.0.2.1', credentials });

    beforeEach(async () => {
      entry = (await server.entries.renewCredentials(entry.id, nowMs + 1000)) ?? entry;
    });

    it('refuses it with a sentence that says so, whatever it is shown by', async () => {
      nowMs += 1000;
      const expired = {
        refused: 'streamKeyExpired',
        message: 'This stream key has expired; make a new one on the entry’s page.',
      };
      for (const [, proof] of proofs(entry)) expect(await server.live.publish(request(proof))).toEqual(expired);
      expect(await login(knowing(entry))).toEqual(expired);
      expect(server.live.ingestEvents(entry.id).at(-1)?.message).toContain('has expired');
      expect(server.seen).toEqual([]);
    });

    it('says nothing of it to a wrong key', async () => {
      nowMs += 1000;
      expect(await server.live.publish(request({ token: 'wrong' }))).toMatchObject({ refused: 'invalidStreamToken' });
      expect(await login(knowing(entry, 'wrong'))).toMatchObject({ refused: 'invalidStreamToken' });
    });

    it('lets it in before, goes on with what runs, and takes the key that comes after it', async () => {
      expect(await login(knowing(entry))).toBeUndefined();
      await goLive();
      nowMs += 1000;
      expect(server.seen).toEqual(['starting', 'live']);
      expect(server.transcoder.running).toBe(1);
      await server.live.end(entry.id);
      entry = (await server.entries.renewCredentials(entry.id)) ?? entry;
      admitted(await server.live.publish(request()));
    });
  });

  it('refuses a second publisher, but lets one take the place of a publisher that has gone silent', async () => {
    const { source } = await goLive();
    const first = server.transcoder.running;
    expect(await server.live.publish(request())).toMatchObject({ refused: 'alreadyBroadcasting' });
    nowMs += 6000;
    expect(source.lastMediaAtMs).toBeLessThan(nowMs - 5000);
    admitted(await server.live.publish(request()));
    expect(first).toBe(1);
  });

  it('goes back to idle when the publisher leaves without having sent anything', async () => {
    const publication = admitted(await server.live.publish(request()));
    const idle = once(server.states, 'idle');
    publication.end('closed');
    await idle;
    expect(server.seen).toEqual(['starting', 'idle']);
  });

  it('continues the same broadcast when a publisher returns within the reconnect window', async () => {
    const { publication } = await goLive();
    const broadcast = await server.broadcasts.last(entry.id);
    const interrupted = once(server.states, 'interrupted');
    publication.end('connection lost');
    await interrupted;
    expect(server.transcoder.running).toBe(0);
    nowMs += 60_000;
    server.transcoder.request = undefined;
    await goLive();
    expect((await server.broadcasts.last(entry.id))?.id).toBe(broadcast?.id);
    const timeline = server.store.latest(entry.id);
    if (!timeline) throw new Error('nothing is stored');
    expect(timeline.segments.map(({ sequence }) => sequence)).toEqual(
      [0, 1].map((n) => n + (timeline.segments[0]?.sequence ?? 0)),
    );
    expect(timeline.periods).toHaveLength(2);
    expect(timeline.segments[1]?.startMs).toBeGreaterThanOrEqual(60_000);
  });

  it('has ended when the reconnect window is over, and its media stays playable as such', async () => {
    await server.entries.update(entry.id, { dvr: { enabled: false, windowMinutes: 120 } });
    await server.stop();
    server = await start(0);
    const { publication } = await goLive();
    const ended = once(server.states, 'ended');
    nowMs += 300_000;
    publication.end('encoder stopped');
    await ended;
    expect(server.seen).toEqual(['starting', 'live', 'interrupted', 'ended']);
    const { ended: isOver, windowSeconds, segments } = server.store.latest(entry.id)!;
    expect([isOver, windowSeconds, segments.map(({ startMs }) => startMs)]).toEqual([true, 30, [0]]);
    expect((await server.broadcasts.last(entry.id))?.endedAtMs).toBe(nowMs);
  });

  it('throws the publisher out when it is ended from the studio', async () => {
    await goLive();
    server.transcoder.request = undefined;
    await server.live.end(entry.id);
    expect((await server.entries.get(entry.id))?.state).toBe('ended');
    expect(server.transcoder.running).toBe(0);
  });

  it('starts the transcode again when the tracks change', async () => {
    const { source } = await goLive();
    const before = server.transcoder.request;
    source.emit('changed');
    while (server.transcoder.request === before) await new Promise(setImmediate);
    expect(server.transcoder.running).toBe(1);
  });

  it('waits for its publisher across a restart of the server', async () => {
    await goLive();
    const broadcast = await server.broadcasts.last(entry.id);
    await server.stop();
    nowMs += 5000;
    server = await start();
    expect((await server.entries.get(entry.id))?.state).toBe('interrupted');
    await goLive();
    expect((await server.broadcasts.last(entry.id))?.id).toBe(broadcast?.id);
  });

  it('has ended when the server comes back after the reconnect window', async () => {
    await goLive();
    await server.stop();
    nowMs += 301_000;
    server = await start();
    expect((await server.entries.get(entry.id))?.state).toBe('ended');
    expect(server.store.latest(entry.id)?.ended).toBe(true);
  });

  it('has ended when the server died after its media had, but before the broadcast was marked so', async () => {
    await goLive();
    const broadcast = await server.broadcasts.last(entry.id);
    await server.live.close();
    const writer = await server.store.write({
      id: broadcast?.id ?? '',
      entryId: entry.id,
      epochMs: broadcast?.startedAtMs ?? 0,
      windowSeconds: 7200,
    });
    await writer.end();
    await server.stop();
    server = await start();
    expect((await server.entries.get(entry.id))?.state).toBe('ended');
    expect((await server.broadcasts.last(entry.id))?.endedAtMs).toBe(nowMs);
  });

  it('does not stay "starting" when the server ended before any media came', async () => {
    admitted(await server.live.publish(request()));
    await server.entries.setState(entry.id, 'starting');
    await server.stop();
    server = await start();
    expect((await server.entries.get(entry.id))?.state).toBe('idle');
  });

  it('forgets all its media when the entry is deleted', async () => {
    await goLive();
    await server.live.forget(entry.id);
    expect(server.store.latest(entry.id)).toBeUndefined();
    expect(server.transcoder.running).toBe(0);
  });

  /** Lets the session look at its sources until something is so. */
  async function eventually(check: () => boolean): Promise<void> {
    for (let look = 0; !check(); look++) {
      if (look > 200) throw new Error('it did not happen');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const sourcesOnAir = () => server.transcoder.request?.inputs ?? [];

  it('has its backup on air as soon as the primary leaves, without being interrupted', async () => {
    const { publication, source } = await goLive();
    const backup = new ScriptedSource(nowMs);
    admitted(await server.live.publish(request({ backup: true }))).start(backup);
    expect(sourcesOnAir()).toEqual([source]);
    expect(server.live.sources(entry.id).map(({ role, state }) => [role, state])).toEqual([
      ['primary', 'onAir'],
      ['backup', 'standby'],
    ]);
    publication.end('connection lost');
    await eventually(() => sourcesOnAir()[0] === backup);
    expect(server.seen).toEqual(['starting', 'live']);
    expect(server.transcoder.running).toBe(1);
  });

  it('has its backup on air when the primary stalls, and the primary again once that is steady', async () => {
    const { source } = await goLive();
    const backup = new ScriptedSource(nowMs);
    admitted(await server.live.publish(request({ backup: true }))).start(backup);
    nowMs += 2100;
    backup.lastMediaAtMs = nowMs;
    await eventually(() => sourcesOnAir()[0] === backup);
    source.lastMediaAtMs = nowMs;
    await eventually(() => server.live.sources(entry.id)[0]?.state === 'standby');
    nowMs += 9000;
    source.lastMediaAtMs = backup.lastMediaAtMs = nowMs;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(sourcesOnAir()).toEqual([backup]);
    nowMs += 1500;
    source.lastMediaAtMs = backup.lastMediaAtMs = nowMs;
    await eventually(() => sourcesOnAir()[0] === source);
    expect(server.live.ingestEvents(entry.id).map(({ kind }) => kind)).toEqual([
      'connected',
      'onAir',
      'connected',
      'switched',
      'switched',
    ]);
  });

  it('puts streams of one encoder on air together, and leaves the others playing when one is lost', async () => {
    const { source } = await goLive();
    const second = new ScriptedSource(nowMs);
    const publication = admitted(await server.live.publish(request({ streamName: `${entry.id}_2` })));
    publication.start(second);
    await eventually(() => sourcesOnAir().length === 2);
    expect(sourcesOnAir()).toEqual([source, second]);
    publication.end('connection lost');
    await eventually(() => sourcesOnAir().length === 1);
    expect(sourcesOnAir()).toEqual([source]);
    expect(server.seen).toEqual(['starting', 'live']);
  });

  it('throws a stream out whose key frames do not fit, with advice', async () => {
    await goLive();
    const asked = request({ streamName: `${entry.id}_2` });
    admitted(await server.live.publish(asked)).start(new ScriptedSource(nowMs));
    await eventually(() => sourcesOnAir().length === 2);
    server.transcoder.request?.onMisaligned?.(1);
    await eventually(() => sourcesOnAir().length === 1);
    expect(asked.reasons.join()).toContain('key-frame interval');
  });

  it('takes several streams only where the profile keeps them as they are', async () => {
    await server.entries.update(entry.id, { profileId: 'cloud' });
    expect(await server.live.publish(request({ streamName: `${entry.id}_2` }))).toMatchObject({
      refused: 'badRequest',
    });
  });
});
