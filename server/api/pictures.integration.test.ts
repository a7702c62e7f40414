import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refuse } from '../errors.ts';
import { send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let token: string;
let id: string;

beforeAll(async () => {
  api = await startApi();
  token = await signIn(api.url);
});
afterAll(() => api.close());

beforeEach(async () => {
  api.pictures.refusal = undefined;
  id = (await send(api.url, 'POST', '/api/v1/entries', { body: { type: 'live', name: 'Evening news' }, token })).json
    .id;
});

const poster = (method: string, options: Parameters<typeof send>[3] = {}) =>
  send(api.url, method, `/api/v1/entries/${id}/poster`, { token, ...options });
const image = (type: string, bytes: number) =>
  poster('PUT', { raw: Buffer.alloc(bytes, 7), headers: { 'content-type': type } });

describe('a poster', () => {
  it('is a frame, and gives the thumbnail another address until it is taken back', async () => {
    const chosen = await poster('PUT', { body: { atMs: 1500 } });
    expect(chosen.status).toBe(200);
    expect(api.pictures.chosen.at(-1)).toBe(1500);
    expect(chosen.json.thumbnail).toMatch(/thumbnail\.jpg\?v=\d+$/);
    expect((await poster('DELETE')).json.thumbnail).toMatch(/thumbnail\.jpg$/);
  });

  it.each(['image/jpeg', 'image/png', 'image/webp'])('is sent as %s', async (type) => {
    expect((await image(type, 200_000)).status).toBe(200);
    expect(api.pictures.chosen.at(-1)).toEqual(Buffer.alloc(200_000, 7));
  });

  it('is refused when it is something else, too large, or no time', async () => {
    expect((await image('image/svg+xml', 10)).json.error.code).toBe('unsupportedMediaType');
    expect((await image('image/png', 10_000_001)).json.error.code).toBe('payloadTooLarge');
    for (const atMs of [-1, 0.5, '7', null, 1e10])
      expect((await poster('PUT', { body: { atMs } })).json.error.code).toBe('validationFailed');
    api.pictures.refusal = refuse('unreadableImage');
    const broken = await image('image/jpeg', 10);
    expect([broken.status, broken.json.error.code]).toEqual([415, 'unreadableImage']);
  });

  it('is chosen by those who have signed in, and of entries that are there', async () => {
    const before = api.pictures.chosen.length;
    const anonymous = { token: undefined, raw: Buffer.alloc(10), headers: { 'content-type': 'image/png' } };
    expect((await poster('PUT', anonymous)).status).toBe(401);
    id = '0_none0000';
    expect((await poster('PUT', { body: { atMs: 0 } })).json.error.code).toBe('entryNotFound');
    expect((await poster('DELETE')).status).toBe(404);
    expect(api.pictures.chosen).toHaveLength(before);
  });
});

describe('a waveform', () => {
  const peaks = (query: string) => send(api.url, 'GET', `/api/v1/entries/${id}/peaks${query}`, { token });

  it('has as many points as asked for', async () => {
    const { json } = await peaks('?fromMs=1000&toMs=3000&points=3');
    expect(json).toMatchObject({ fromMs: 1000, toMs: 3000, min: [-5, -5, -5], max: [7, 7, 7], complete: true });
    expect((await peaks('')).json.min).toHaveLength(1000);
  });

  it('is refused for what is no range', async () => {
    for (const query of ['?points=0', '?points=4001', '?fromMs=-1', '?toMs=x', '?fromMs=1e12', '?points=1.5'])
      expect((await peaks(query)).json.error.code).toBe('validationFailed');
    api.pictures.refusal = refuse('notLive');
    expect((await peaks('')).json.error.code).toBe('notLive');
  });
});
