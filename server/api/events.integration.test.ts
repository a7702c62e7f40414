import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientEvents, ServerEvents } from '../../shared/events/events.ts';
import { healthSample } from '../../shared/model/healthSample.fixture.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';
import { email, password, send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

type Client = Socket<ServerEvents, ClientEvents>;

let api: ApiUnderTest;
let clients: Client[];
beforeEach(async () => {
  api = await startApi();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  await api.close();
});

async function connect(options: { token?: string; headers?: Record<string, string> } = {}): Promise<Client> {
  const client: Client = io(api.url, {
    transports: ['websocket'],
    forceNew: true,
    auth: { token: options.token },
    extraHeaders: options.headers,
  });
  clients.push(client);
  await new Promise<void>((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });
  return client;
}

/** The next event of a kind, and those after it as they come. */
function received<Name extends keyof ServerEvents>(client: Client, name: Name) {
  const events: Parameters<ServerEvents[Name]>[0][] = [];
  client.on(name, ((event: Parameters<ServerEvents[Name]>[0]) => void events.push(event)) as never);
  return events;
}

const ask = (client: Client, name: string, ...request: unknown[]): Promise<{ ok: boolean; message?: string }> =>
  (client as unknown as Socket).timeout(5000).emitWithAck(name, ...request);
const create = async () => (await api.entries.create({ type: 'live', name: 'On socket.io' })).id;
describe('watching', () => {
  it('begins with the present state and goes on with every change', async () => {
    const id = await create();
    const client = await connect();
    const states = received(client, 'state');
    expect(await ask(client, 'watch', { entryId: id })).toEqual({ ok: true });
    expect(states).toMatchObject([{ entryId: id, state: 'idle', broadcastId: null }]);
    api.live.states.tell({ entryId: id, state: 'live', broadcastId: 'b', at: 5 });
    api.live.states.tell({ entryId: '0_otherone', state: 'live', broadcastId: 'c', at: 6 });
    await ask(client, 'watch', { entryId: id });
    expect(states.slice(1)).toEqual([{ entryId: id, state: 'live', broadcastId: 'b', at: 5 }]);
    const late = await connect();
    const lateStates = received(late, 'state');
    await ask(late, 'watch', { entryId: id });
    expect(lateStates).toEqual([{ entryId: id, state: 'live', broadcastId: 'b', at: 5 }]);
  });

  it('knows the state from before the server’s start', async () => {
    const id = await create();
    await api.entries.setState(id, 'interrupted');
    await api.broadcasts.create({ id: 'b1', entryId: id, startedAtMs: 1000 });
    await api.broadcasts.interrupt('b1', 2000);
    const client = await connect();
    const states = received(client, 'state');
    await ask(client, 'watch', { entryId: id });
    expect(states).toEqual([{ entryId: id, state: 'interrupted', broadcastId: 'b1', at: 2000 }]);
  });

  it('works from any page, but not in a user’s name', async () => {
    const token = await signIn(api.url);
    const client = await connect({ headers: { cookie: `tallylight=${token}`, origin: 'https://elsewhere.example' } });
    expect(await ask(client, 'watch', { entryId: await create() })).toEqual({ ok: true });
    expect(await ask(client, 'monitorAll')).toEqual({ ok: false, message: 'Sign in first.' });
    const polling = await send(api.url, 'GET', '/socket.io/?EIO=4&transport=polling', {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(polling.headers.get('access-control-allow-origin')).toBe('*');
    expect(polling.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('survives whatever it is sent', async () => {
    const client = await connect();
    const bare = client as unknown as Socket;
    for (const request of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { entryId: 1 },
      { entryId: '0_zzzzzzzz' },
      { playing: true },
    ]) {
      for (const name of ['watch', 'unwatch', 'monitor', 'unmonitor', 'monitorAll']) bare.emit(name, request);
      const answer = await ask(client, 'watch', request);
      expect(answer.ok).toBe(false);
    }
    expect(await ask(client, 'watch', { entryId: '0_zzzzzzzz' })).toMatchObject({ ok: false });
    expect(api.lines).toEqual([]);
  });

  it('is refused to those who ask too often or for too much', async () => {
    const id = await create();
    const client = await connect();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(client, 'watch', { entryId: id })));
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(60);
    expect(answers.at(-1)).toMatchObject({ ok: false });
    const loud = await connect();
    const gone = new Promise((resolve) => loud.once('disconnect', resolve));
    (loud as unknown as Socket).emit('watch', { entryId: id, more: 'x'.repeat(20_000) });
    await gone;
  });

  it('follows at most fifty entries', async () => {
    const client = await connect();
    const ids: string[] = [];
    for (let n = 0; n < 55; n += 1) ids.push(await create());
    const answers = [];
    for (const entryId of ids) answers.push(await ask(client, 'watch', { entryId }));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(49);
  });
});

describe('monitoring', () => {
  it('needs a session', async () => {
    const client = await connect({ token: 'x'.repeat(43) });
    const healths = received(client, 'health');
    const id = await create();
    expect(await ask(client, 'monitor', { entryId: id })).toEqual({ ok: false, message: 'Sign in first.' });
    api.live.healths.tell([id, healthSample]);
    await ask(client, 'watch', { entryId: id });
    expect(healths).toEqual([]);
  });

  it('begins with the last samples and goes on with new ones and failures', async () => {
    api.live.samples = [
      { ...healthSample, at: 1 },
      { ...healthSample, at: 2 },
    ];
    const failure = { at: new Date().toISOString(), message: 'gone', lines: [] };
    const id = await create();
    const client = await connect({ token: await signIn(api.url) });
    const healths = received(client, 'health');
    const failures = received(client, 'failure');
    expect(await ask(client, 'monitor', { entryId: id })).toEqual({ ok: true });
    api.live.healths.tell([id, { ...healthSample, at: 3 }]);
    api.live.failures.tell([id, failure]);
    client.emit('unmonitor', { entryId: id });
    await ask(client, 'monitorAll');
    api.live.healths.tell([id, { ...healthSample, at: 4 }]);
    await ask(client, 'monitorAll');
    expect(healths.map((event) => event.sample.at)).toEqual([1, 2, 3]);
    expect(failures).toEqual([{ entryId: id, failure }]);
    expect(await ask(client, 'monitor', { entryId: '0_zzzzzzzz' })).toMatchObject({ ok: false });
  });

  it('tells who publishes: now, every second, and after whatever happened', async () => {
    const source: IngestSource = {
      index: 1,
      role: 'primary',
      state: 'onAir',
      remoteAddress: '192.0.2.7',
      connectedAt: new Date(0).toISOString(),
      protocol: 'rtmp',
      health: healthSample,
    };
    const event: IngestEvent = { at: new Date(0).toISOString(), kind: 'lost', message: 'It left.' };
    api.live.sourceList = [source];
    const id = await create();
    const client = await connect({ token: await signIn(api.url) });
    const sources = received(client, 'sources');
    const events = received(client, 'ingestEvent');
    await ask(client, 'monitor', { entryId: id });
    api.live.sourceLists.tell([id, [source, source]]);
    api.live.sourceList = [];
    api.live.ingest.tell([id, event]);
    api.live.ingest.tell(['0_otherone', event]);
    await ask(client, 'monitorAll');
    expect(sources.map((told) => told.sources.length)).toEqual([1, 2, 0]);
    expect(sources[0]).toEqual({ entryId: id, sources: [source] });
    expect(events).toEqual([{ entryId: id, event }]);
  });

  it('of everything tells of states and of entries made, changed and deleted', async () => {
    const token = await signIn(api.url);
    const { host } = new URL(api.url);
    const client = await connect({ headers: { cookie: `tallylight=${token}`, origin: `http://${host}` } });
    const states = received(client, 'state');
    const changes = received(client, 'entriesChanged');
    expect(await ask(client, 'monitorAll')).toEqual({ ok: true });
    const body = { type: 'live', name: 'Told to all' };
    const { id } = (await send(api.url, 'POST', '/api/v1/entries', { body, token })).json;
    await send(api.url, 'PATCH', `/api/v1/entries/${id}`, { body: { name: 'Renamed' }, token });
    api.live.states.tell({ entryId: id, state: 'starting', broadcastId: 'b', at: 5 });
    await send(api.url, 'DELETE', `/api/v1/entries/${id}`, { token });
    await ask(client, 'monitorAll');
    expect(changes).toEqual([{ entryId: id }, { entryId: id }, { entryId: id }]);
    expect(states).toMatchObject([{ entryId: id, state: 'starting' }]);
  });

  it('ends when the session is signed out or has expired', async () => {
    const signedIn = await send(api.url, 'POST', '/api/v1/session', { body: { email, password } });
    const { token } = signedIn.json;
    const [client, other] = [await connect({ token }), await connect({ token: await signIn(api.url) })];
    const id = await create();
    for (const each of [client, other]) await ask(each, 'monitor', { entryId: id });
    const [healths, otherHealths] = [received(client, 'health'), received(other, 'health')];
    await send(api.url, 'DELETE', '/api/v1/session', { token });
    api.live.healths.tell([id, healthSample]);
    expect(await ask(client, 'monitorAll')).toMatchObject({ ok: false });
    await ask(other, 'monitorAll');
    expect([healths.length, otherHealths.length]).toEqual([0, 1]);
    api.clock.offsetMs = 31 * 86_400_000;
    expect(await ask(other, 'monitorAll')).toMatchObject({ ok: false });
  });
});

describe('closing', () => {
  it('ends every connection, twice if asked to, and leaves no listener behind', async () => {
    const client = await connect();
    expect(api.live.listening).toBe(5);
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    await Promise.all([api.events.close(), api.events.close()]);
    expect(await gone).toMatch(/^(io server disconnect|transport close)$/);
    expect(api.live.listening).toBe(0);
  });
});

describe('a video that is cut', () => {
  it('tells those who watch it, and nobody else', async () => {
    const [video, other] = [await create(), await create()];
    const [viewer, stranger] = [await connect(), await connect()];
    await ask(viewer, 'watch', { entryId: video });
    await ask(stranger, 'watch', { entryId: other });
    const [heard, unheard] = [received(viewer, 'mediaReplaced'), received(stranger, 'mediaReplaced')];
    api.clips.replaced.tell(video);
    // Each socket's events come in their order.
    await Promise.all([ask(viewer, 'watch', { entryId: video }), ask(stranger, 'watch', { entryId: other })]);
    expect([heard, unheard]).toEqual([[{ entryId: video }], []]);
  });
});
