import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, send, signIn, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let token: string;
const call = (method: string, path: string, body?: unknown) =>
  send(api.url, method, `/api/v1/profiles${path}`, { body, token });
const flavor = { name: '720p', width: 1280, height: 0, videoBitrateKbps: 1500, h264Profile: 'high' };

beforeAll(async () => {
  api = await startApi();
  token = await signIn(api.url);
});
afterAll(() => api.close());

async function defaults(): Promise<string[]> {
  const { items } = (await call('GET', '')).json as { items: { id: string; isDefault: boolean }[] };
  return items.filter((profile) => profile.isDefault).map(({ id }) => id);
}

describe('transcoding profiles', () => {
  it('begin with Passthrough and Cloud Transcode, which is the default', async () => {
    const { items, total } = (await call('GET', '')).json;
    expect(total).toBe(2);
    expect(items.map((profile: { id: string }) => profile.id)).toEqual(['passthrough', 'cloud']);
    expect(items[0].flavors).toEqual([]);
    expect(items[1].flavors).toMatchObject([
      { width: 480, height: 0, videoBitrateKbps: 400, h264Profile: 'baseline' },
      { width: 640, height: 0, videoBitrateKbps: 600, h264Profile: 'baseline' },
      { width: 640, height: 0, videoBitrateKbps: 900, h264Profile: 'main' },
    ]);
    expect(await defaults()).toEqual(['cloud']);
  });

  it('can be made, read, changed and deleted', async () => {
    const created = await call('POST', '', { name: 'HD', flavors: [flavor] });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ name: 'HD', description: '', builtIn: false, audioBitrateKbps: 128 });
    const path = `/${created.json.id}`;
    expect((await call('PATCH', path, { audioBitrateKbps: 192 })).json).toEqual({
      ...created.json,
      audioBitrateKbps: 192,
    });
    expect((await call('GET', path)).json.audioBitrateKbps).toBe(192);
    expect((await call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answer = await call(method, path, method === 'PATCH' ? {} : undefined);
      expect([answer.status, answer.json.error.code]).toEqual([404, 'profileNotFound']);
    }
  });

  it('have exactly one default, whoever takes or gives it', async () => {
    const { id } = (await call('POST', '', { name: 'Mine', flavors: [], isDefault: true })).json;
    expect(await defaults()).toEqual([id]);
    expect((await call('PATCH', '/passthrough', { isDefault: true })).status).toBe(200);
    expect(await defaults()).toEqual(['passthrough']);
    await call('PATCH', '/passthrough', { isDefault: false });
    expect(await defaults()).toEqual(['cloud']);
    expect((await call('PATCH', '/cloud', { isDefault: false })).status).toBe(409);
    await call('PATCH', `/${id}`, { isDefault: true });
    await call('DELETE', `/${id}`);
    expect(await defaults()).toEqual(['cloud']);
  });

  it('that are built in cannot be changed or deleted', async () => {
    for (const answer of [await call('PATCH', '/cloud', { name: 'Mine' }), await call('DELETE', '/passthrough')])
      expect([answer.status, answer.json.error.code]).toEqual([409, 'builtInProfile']);
    expect((await call('PATCH', '/cloud', { name: 'Cloud Transcode', isDefault: true })).status).toBe(200);
  });

  it('that an entry uses cannot be deleted', async () => {
    const { id } = (await call('POST', '', { name: 'Used', flavors: [] })).json;
    const entry = await api.entries.create({ type: 'live', name: 'Uses it', profileId: id });
    const answer = await call('DELETE', `/${id}`);
    expect([answer.status, answer.json.error.code]).toEqual([409, 'profileInUse']);
    await api.entries.delete(entry.id);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
  });

  it.each([
    { name: '', flavors: [] },
    { name: 'Too many', flavors: Array.from({ length: 7 }, () => flavor) },
    { name: 'Too fast', flavors: [{ ...flavor, videoBitrateKbps: 20_001 }] },
    { name: 'No flavors' },
  ])('refuse %j', async (body) => {
    expect((await call('POST', '', body)).json.error.code).toBe('validationFailed');
  });
});
