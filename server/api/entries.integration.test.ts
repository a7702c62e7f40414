import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, send, signIn, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let token: string;
const call = (method: string, path: string, body?: unknown) => send(api.url, method, `/api/v1${path}`, { body, token });
const anonymous = (method: string, path: string, body?: unknown) => send(api.url, method, `/api/v1${path}`, { body });
const liveEntry = { type: 'live', name: 'Morning show' };

beforeAll(async () => {
  api = await startApi();
  token = await signIn(api.url);
});
afterAll(() => api.close());

async function create(body: object = liveEntry): Promise<{ id: string } & Record<string, unknown>> {
  const answer = await call('POST', '/entries', body);
  expect(answer.status).toBe(201);
  return answer.json;
}

describe('creating an entry', () => {
  it('gives a live entry the defaults, credentials and all addresses', async () => {
    const entry = await create();
    const password: string = (entry.ingest as { password: string }).password;
    expect(entry.id).toMatch(/^0_[a-z0-9]{8}$/);
    expect(password).toMatch(/^[a-z0-9]{20,}$/);
    expect(entry).toMatchObject({
      type: 'live',
      name: 'Morning show',
      description: '',
      tags: [],
      profileId: 'cloud',
      dvr: { enabled: true, windowMinutes: 120 },
      recording: 'off',
      state: 'idle',
      broadcast: null,
      lastFailure: null,
      ingest: {
        streamName: `${entry.id}_%i`,
        username: entry.id,
        primaryUrl: `rtmp://203.0.113.5:1935/live?token=${password}`,
        backupUrl: `rtmp://203.0.113.5:1935/live?i=1&token=${password}`,
        whipUrl: `https://live.example.org/whip/${entry.id}`,
        whipBackupUrl: `https://live.example.org/whip/${entry.id}?i=1`,
        rtspUrl: `rtsp://203.0.113.5:8554/live/${entry.id}_1`,
        rtspBackupUrl: `rtsp://203.0.113.5:8554/live/${entry.id}_1?i=1`,
      },
      playback: {
        hls: `https://live.example.org/play/${entry.id}/hls/master.m3u8`,
        dash: `https://live.example.org/play/${entry.id}/dash/manifest.mpd`,
        hds: `https://live.example.org/play/${entry.id}/hds/manifest.f4m`,
        embed: `https://live.example.org/embed/${entry.id}`,
        watch: `https://live.example.org/watch/${entry.id}`,
      },
    });
  });

  it('keeps what is asked for', async () => {
    const wishes = { description: 'Daily', tags: ['news'], profileId: 'passthrough', recording: 'append' };
    expect(await create({ ...liveEntry, ...wishes, dvr: { enabled: false } })).toMatchObject({
      ...wishes,
      dvr: { enabled: false, windowMinutes: 120 },
    });
  });

  it('lets a manual entry play from its own addresses', async () => {
    const entry = await create({ type: 'manual', name: 'Elsewhere', urls: { hls: 'https://cdn.example/x.m3u8' } });
    expect(entry).toMatchObject({
      type: 'manual',
      urls: { hls: 'https://cdn.example/x.m3u8' },
      playback: { hls: 'https://cdn.example/x.m3u8', dash: null },
    });
    expect(entry).not.toHaveProperty('ingest');
  });

  it.each([
    [{ ...liveEntry, name: 'Four' }, 'name'],
    [{ ...liveEntry, dvr: { enabled: true, windowMinutes: 121 } }, 'dvr.windowMinutes'],
    [{ ...liveEntry, recording: 'sometimes' }, 'recording'],
    [{ type: 'manual', name: 'No addresses', urls: {} }, 'urls'],
    [{ type: 'manual', name: 'Not an address', urls: { hls: 'javascript:alert(1)' } }, 'urls.hls'],
    [{ type: 'radio', name: 'What is this' }, 'type'],
  ])('refuses %j and says where it is wrong', async (body, path) => {
    const answer = await call('POST', '/entries', body);
    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe('validationFailed');
    expect(answer.json.error.details[0].path).toBe(path);
  });

  it('refuses a profile that does not exist', async () => {
    const answer = await call('POST', '/entries', { ...liveEntry, profileId: 'nowhere' });
    expect([answer.status, answer.json.error.code]).toEqual([404, 'profileNotFound']);
  });
});

describe('reading an entry', () => {
  it('shows stream credentials and failures only to those who have signed in', async () => {
    const { id } = await create();
    api.live.failure = { at: new Date().toISOString(), message: 'ffmpeg died', lines: ['x'] };
    const answer = await anonymous('GET', `/entries/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('token');
    expect(answer.json).not.toHaveProperty('ingest');
    expect(answer.json).not.toHaveProperty('lastFailure');
    expect((await call('GET', `/entries/${id}`)).json).toHaveProperty('lastFailure.message', 'ffmpeg died');
    api.live.failure = null;
  });

  it('says that an unknown entry is not there', async () => {
    const answer = await call('GET', '/entries/0_zzzzzzzz');
    expect([answer.status, answer.json.error.code]).toEqual([404, 'entryNotFound']);
  });

  it('shows the last broadcast', async () => {
    const { id } = await create();
    await api.broadcasts.create({ id: `${id}-1`, entryId: id, startedAtMs: 1000 });
    await api.broadcasts.end(`${id}-1`, 2000);
    await api.broadcasts.create({ id: `${id}-2`, entryId: id, startedAtMs: 5000 });
    await api.broadcasts.interrupt(`${id}-2`, 6000);
    const last = {
      id: `${id}-2`,
      startedAt: '1970-01-01T00:00:05.000Z',
      endedAt: null,
      interruptedAt: '1970-01-01T00:00:06.000Z',
    };
    expect((await call('GET', `/entries/${id}`)).json.broadcast).toEqual(last);
    const list = await call('GET', '/entries?search=Morning&pageSize=200');
    expect(list.json.items.find((entry: { id: string }) => entry.id === id).broadcast).toEqual(last);
    const all = await call('GET', `/entries/${id}/broadcasts`);
    expect(all.json.total).toBe(2);
    expect(all.json.items[0]).toEqual(last);
  });
});

describe('changing an entry', () => {
  it('changes what is given and nothing else', async () => {
    const entry = await create({ ...liveEntry, tags: ['a'] });
    const answer = await call('PATCH', `/entries/${entry.id}`, { name: 'Evening show', recording: 'perSession' });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ name: 'Evening show', recording: 'perSession', tags: ['a'], dvr: entry.dvr });
  });

  it.each(['starting', 'live', 'interrupted'] as const)(
    'refuses to change what shapes the media while it is %s',
    async (state) => {
      const { id } = await create();
      await api.entries.setState(id, state);
      for (const body of [
        { profileId: 'passthrough' },
        { dvr: { enabled: false, windowMinutes: 120 } },
        { recording: 'append' },
      ]) {
        const answer = await call('PATCH', `/entries/${id}`, body);
        expect([answer.status, answer.json.error.code]).toEqual([409, 'entryBroadcasting']);
      }
      const same = { name: 'Still allowed', profileId: 'cloud', dvr: { enabled: true, windowMinutes: 120 } };
      expect((await call('PATCH', `/entries/${id}`, same)).status).toBe(200);
    },
  );

  it('refuses settings of the other type, unknown ones and an unknown profile', async () => {
    const { id } = await create();
    const manual = await create({ type: 'manual', name: 'Elsewhere', urls: { hls: 'https://cdn.example/x.m3u8' } });
    const statusOf = async (entryId: string, body: object) => (await call('PATCH', `/entries/${entryId}`, body)).status;
    expect(await statusOf(id, { urls: { hls: 'https://x.example/' } })).toBe(400);
    expect(await statusOf(manual.id, { recording: 'append' })).toBe(400);
    expect(await statusOf(id, { state: 'live' })).toBe(400);
    expect(await statusOf(id, { profileId: 'nowhere' })).toBe(404);
    expect(await statusOf('0_zzzzzzzz', { name: 'Nobody' })).toBe(404);
  });

  it('renews the credentials', async () => {
    const entry = await create();
    const answer = await call('POST', `/entries/${entry.id}/credentials`);
    const [before, after] = [entry.ingest as Record<string, string>, answer.json.ingest];
    expect(answer.status).toBe(200);
    expect(after.username).toBe(before.username);
    expect(after.password).not.toBe(before.password);
    expect(after.whipToken).not.toBe(before.whipToken);
    expect(after.expiresAt).toBeNull();
    expect((await call('POST', '/entries/0_zzzzzzzz/credentials')).status).toBe(404);
  });

  it('renews the credentials until a time, for those to see who may publish', async () => {
    const { id } = await create();
    const renew = (body: object) => call('POST', `/entries/${id}/credentials`, body);
    const expiresAt = '2099-12-31T18:00:00.000Z';
    expect((await renew({ expiresAt: '2099-12-31T19:00:00+01:00' })).json.ingest.expiresAt).toBe(expiresAt);
    expect((await call('GET', `/entries/${id}`)).json.ingest.expiresAt).toBe(expiresAt);
    expect((await anonymous('GET', `/entries/${id}`)).text).not.toContain(expiresAt);
    for (const wrong of [{ expiresAt: '2020-01-01T00:00:00Z' }, { expiresAt: 'tomorrow' }, { expires: expiresAt }]) {
      const answer = await renew(wrong);
      expect([answer.status, answer.json.error.code]).toEqual([400, 'validationFailed']);
    }
    expect((await call('GET', `/entries/${id}`)).json.ingest.expiresAt).toBe(expiresAt);
    for (const never of [{ expiresAt: null }, {}]) expect((await renew(never)).json.ingest.expiresAt).toBeNull();
  });

  it('ends a broadcast through the live stage', async () => {
    const { id } = await create();
    expect((await call('POST', `/entries/${id}/end`)).json.id).toBe(id);
    expect(api.live.ended).toContain(id);
    expect((await call('POST', '/entries/0_zzzzzzzz/end')).status).toBe(404);
  });

  it('deletes an entry, its broadcasts and its media', async () => {
    const { id } = await create();
    await api.broadcasts.create({ id: `${id}-1`, entryId: id, startedAtMs: 1000 });
    const answer = await call('DELETE', `/entries/${id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(api.media.removed).toContain(id);
    expect(await api.broadcasts.list(id)).toEqual([]);
    expect((await call('GET', `/entries/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/entries/${id}`)).status).toBe(404);
  });
});

describe('videos', () => {
  const recording = {
    name: 'Morning show 1',
    profileId: 'cloud',
    origin: 'recording',
    status: 'ready',
    progress: null,
    failure: null,
    durationMs: 60_000,
    rootEntryId: null,
    trimmed: false,
  } as const;

  it('of a live entry are listed with it, newest first', async () => {
    const { id } = await create({ ...liveEntry, retentionDays: 30 });
    const first = await api.entries.createVideo({ ...recording, sourceEntryId: id });
    api.clock.offsetMs += 1000;
    const second = await api.entries.createVideo({ ...recording, name: 'Morning show 2', sourceEntryId: id });
    const { json } = await call('GET', `/entries/${id}/recordings`);
    expect(json.items.map((item: { id: string }) => item.id)).toEqual([second.id, first.id]);
    expect(json).toMatchObject({ total: 2, items: [{ type: 'video', durationMs: 60_000, sourceEntryId: id }, {}] });
    expect((await call('GET', `/entries?type=video&sourceId=${id}`)).json.total).toBe(2);
    expect((await call('GET', `/entries/${first.id}/recordings`)).json.total).toBe(0);
  });

  it('take their own settings only, and are not published to', async () => {
    const { id } = await api.entries.createVideo({ ...recording, sourceEntryId: null });
    expect((await call('PATCH', `/entries/${id}`, { retentionDays: 7, name: 'Renamed' })).json).toMatchObject({
      name: 'Renamed',
      retentionDays: 7,
    });
    expect((await call('PATCH', `/entries/${id}`, { recording: 'append' })).status).toBe(400);
    expect((await call('PATCH', `/entries/${id}`, { retentionDays: 0 })).status).toBe(400);
    expect((await call('POST', `/entries/${id}/credentials`)).status).toBe(400);
    expect((await call('GET', `/entries/${id}/encoder-settings`)).status).toBe(400);
  });

  it('do not keep a profile from being deleted', async () => {
    const profile = await call('POST', '/profiles', { name: 'Short-lived', flavors: [] });
    const { id } = await api.entries.createVideo({ ...recording, profileId: profile.json.id, sourceEntryId: null });
    expect((await call('DELETE', `/profiles/${profile.json.id}`)).status).toBe(204);
    expect((await call('GET', `/entries/${id}`)).json.profileId).toBeNull();
  });

  it('say what is recorded of a live entry now', async () => {
    const { id } = await create();
    api.media.recordedAs = { entryId: null, active: false, notice: 'The disk is nearly full.' };
    expect((await call('GET', `/entries/${id}`)).json.recorded).toEqual(api.media.recordedAs);
    api.media.recordedAs = null;
  });
});

describe('the viewers of a broadcast', () => {
  it('are those of each minute, of broadcasts of this entry', async () => {
    const { id } = await create();
    const broadcastId = `${id}-1`;
    await api.broadcasts.create({ id: broadcastId, entryId: id, startedAtMs: 1000 });
    await api.viewerCounts.add([
      { broadcastId, atMs: 120_000, viewers: 5 },
      { broadcastId, atMs: 60_000, viewers: 2 },
    ]);
    expect((await call('GET', `/entries/${id}/broadcasts/${broadcastId}/viewers`)).json.items).toEqual([
      { at: '1970-01-01T00:01:00.000Z', viewers: 2 },
      { at: '1970-01-01T00:02:00.000Z', viewers: 5 },
    ]);
    const other = await create();
    expect((await call('GET', `/entries/${other.id}/broadcasts/${broadcastId}/viewers`)).status).toBe(404);
    await call('DELETE', `/entries/${id}`);
    expect(await api.viewerCounts.list(broadcastId)).toEqual([]);
  });
});

describe('the flavors of an entry', () => {
  it('are the tracks of its broadcast', async () => {
    const { id } = await create();
    const video = { id: 'v0', codec: 'avc1.64001f', timescale: 90_000, bitrateBps: 2_000_000 } as const;
    const audio = { id: 'a0', codec: 'mp4a.40.2', timescale: 48_000, bitrateBps: 128_000 } as const;
    api.media.trackList = [
      { ...video, kind: 'video', width: 1280, height: 720, frameRate: 0 },
      { ...audio, kind: 'audio', sampleRate: 48_000, channels: 2 },
    ];
    const answer = await call('GET', `/entries/${id}/flavors`);
    expect(answer.json.items).toEqual([
      {
        id: 'v0',
        kind: 'video',
        codec: 'avc1.64001f',
        bitrateBps: 2_000_000,
        width: 1280,
        height: 720,
        frameRate: null,
        download: null,
      },
      {
        id: 'a0',
        kind: 'audio',
        codec: 'mp4a.40.2',
        bitrateBps: 128_000,
        width: null,
        height: null,
        frameRate: null,
        download: null,
      },
    ]);
    api.media.bytes = new Map([
      ['v0', 1000],
      ['a0', 100],
    ]);
    const url = (flavor: string) => `https://live.example.org/play/${id}/download?flavor=${flavor}`;
    expect((await call('GET', `/entries/${id}/flavors`)).json.items).toMatchObject([
      { id: 'v0', download: { url: url('v0'), sizeBytes: 1100 } },
      { id: 'a0', download: { url: url('a0'), sizeBytes: 100 } },
    ]);
    api.media.bytes = undefined;
    expect((await call('GET', '/entries/0_zzzzzzzz/flavors')).status).toBe(404);
    api.media.trackList = [];
  });
});

describe('the list of entries', () => {
  beforeEach(async () => {
    for (const { id } of (await api.entries.list({ pageSize: 200 })).items) await api.entries.delete(id);
    await create({ ...liveEntry, name: 'Äpfel live', description: '50% off', tags: ['Fruit'] });
    await create({ ...liveEntry, name: 'bananas', description: '500 off' });
    await create({ type: 'manual', name: 'Cherries', urls: { dash: 'https://cdn.example/x.mpd' } });
  });

  const namesOf = async (query: string): Promise<string[]> => {
    const answer = await call('GET', `/entries?${query}`);
    expect(answer.status).toBe(200);
    return answer.json.items.map((entry: { name: string }) => entry.name);
  };

  it('finds text in name, description, tags and id whatever the case', async () => {
    expect(await namesOf('search=%C3%84PFEL')).toEqual(['Äpfel live']);
    expect(await namesOf('search=apfel')).toEqual(['Äpfel live']);
    expect(await namesOf('search=fruit')).toEqual(['Äpfel live']);
    expect(await namesOf('search=0_')).toHaveLength(3);
    expect(await namesOf('search=nothing')).toEqual([]);
  });

  it('takes the wildcards of LIKE for what they are', async () => {
    expect(await namesOf('search=50%25')).toEqual(['Äpfel live']);
    expect(await namesOf('search=_anana')).toEqual([]);
    expect(await namesOf('search=%5C')).toEqual([]);
  });

  it('filters by type and state', async () => {
    expect(await namesOf('type=manual')).toEqual(['Cherries']);
    expect((await namesOf('state=idle')).toSorted()).toEqual(['bananas', 'Äpfel live']);
    expect(await namesOf('state=live')).toEqual([]);
  });

  it('sorts both ways and pages', async () => {
    expect(await namesOf('sort=name')).toEqual(['Äpfel live', 'bananas', 'Cherries']);
    expect(await namesOf('sort=-name')).toEqual(['Cherries', 'bananas', 'Äpfel live']);
    expect(await namesOf('sort=name&page=2&pageSize=2')).toEqual(['Cherries']);
    expect((await call('GET', '/entries?pageSize=1')).json.total).toBe(3);
  });

  it.each([
    'page=0',
    'pageSize=201',
    'sort=size',
    'state=on',
    'page=x',
    'search=a&search=b',
    `search=${'x'.repeat(201)}`,
  ])('refuses %s', async (query) => {
    expect((await call('GET', `/entries?${query}`)).status).toBe(400);
  });
});
