import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refuse } from '../errors.ts';
import { startApi, send, signIn, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let token: string;
let sourceId: string;
const call = (method: string, path: string, body?: unknown) =>
  send(api.url, method, `/api/v1/entries/${path}`, { body, token });

const video = {
  origin: 'clip',
  status: 'ready',
  progress: null,
  failure: null,
  durationMs: 1000,
  rootEntryId: null,
  trimmed: false,
  profileId: null,
} as const;

beforeAll(async () => {
  api = await startApi();
  token = await signIn(api.url);
  sourceId = (await api.entries.createVideo({ ...video, name: 'Source', origin: 'recording', sourceEntryId: null })).id;
});
beforeEach(() => {
  api.clips.refusal = undefined;
  api.clips.finished = Promise.resolve(undefined);
  api.clips.asked.length = 0;
});
afterAll(() => api.close());

describe('clips', () => {
  it('are made of one part, or of several, by who is signed in', async () => {
    const clip = await api.entries.createVideo({ ...video, name: 'The clip', sourceEntryId: sourceId });
    api.clips.entryId = clip.id;
    const answer = await call('POST', `${sourceId}/clips`, {
      inMs: 1000.5,
      outMs: 2000,
      name: 'The clip',
      tags: ['a'],
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({ id: clip.id, type: 'video', status: 'ready' });
    const parts = [
      { inMs: 5, outMs: 6, entryId: clip.id },
      { inMs: 1, lastMs: 1, epochMs: 1_800_000_000_000 },
    ];
    expect((await call('POST', `${sourceId}/clips`, { parts })).status).toBe(201);
    expect(api.clips.asked).toMatchObject([
      { sourceEntryId: sourceId, parts: [{ inMs: 1000.5, outMs: 2000 }], name: 'The clip', tags: ['a'] },
      { sourceEntryId: sourceId, parts, createdBy: 'admin' },
    ]);
    const { json } = await call('GET', `${sourceId}/clips`);
    expect(json).toMatchObject({ total: 1, items: [{ id: clip.id, parts: [{ entryId: '0_source01', inMs: 1000 }] }] });
  });

  it('are listed page by page, newest first', async () => {
    const sourceEntryId = (
      await api.entries.createVideo({ ...video, name: 'Much cut', origin: 'recording', sourceEntryId: null })
    ).id;
    for (const name of ['Clip 1', 'Clip 2', 'Clip 3']) await api.entries.createVideo({ ...video, name, sourceEntryId });
    const page = async (query: string) => {
      const { json } = await call('GET', `${sourceEntryId}/clips${query}`);
      return [json.total, ...(json.items as { name: string }[]).map(({ name }) => name)];
    };
    const all = await page('');
    expect(new Set(all)).toEqual(new Set([3, 'Clip 1', 'Clip 2', 'Clip 3']));
    expect([...(await page('?pageSize=2')), ...(await page('?pageSize=2&page=2')).slice(1)]).toEqual(all);
    expect((await call('GET', `${sourceEntryId}/clips?pageSize=201`)).status).toBe(400);
  });

  it('answer with what went wrong, also when that turns out later', async () => {
    const clip = await api.entries.createVideo({ ...video, name: 'In vain', sourceEntryId: sourceId });
    api.clips.entryId = clip.id;
    api.clips.finished = Promise.resolve(refuse('clipFailed'));
    const later = await call('POST', `${sourceId}/clips`, { inMs: 0, outMs: 1 });
    expect([later.status, later.json.error.code]).toEqual([500, 'clipFailed']);
    expect(await api.entries.get(clip.id)).toBeUndefined();
    api.clips.refusal = refuse('clipPointInGap', undefined, { startMs: 1, endMs: 2 });
    const atOnce = await call('POST', `${sourceId}/clips`, { inMs: 0, outMs: 1 });
    expect([atOnce.status, atOnce.json.error]).toMatchObject([
      400,
      { code: 'clipPointInGap', details: { startMs: 1 } },
    ]);
  });

  it.each([
    [{}],
    [{ inMs: 0 }],
    [{ inMs: -1, outMs: 5 }],
    [{ inMs: '0', outMs: 5 }],
    [{ inMs: 0, outMs: 1e13 }],
    [{ inMs: 0, outMs: 1, parts: [] }],
    [{ parts: [] }],
    [{ parts: Array.from({ length: 101 }, () => ({ inMs: 0, outMs: 1 })) }],
    [{ parts: [{ inMs: 0, outMs: 1, entryId: '../x' }] }],
    [{ inMs: 0, outMs: 1, name: 'x' }],
    [{ inMs: 0, outMs: 1, lastMs: 1 }],
    [{ inMs: 0, lastMs: 1, epochMs: -1 }],
    [{ parts: [{ inMs: 0 }] }],
  ])('are refused when asked for with %j', async (body) => {
    const answer = await call('POST', `${sourceId}/clips`, body);
    expect([answer.status, answer.json.error.code]).toEqual([400, 'validationFailed']);
    expect(api.clips.asked).toEqual([]);
  });

  const part = { inMs: 0, outMs: 1 };
  it.each([
    [{ inMs: '1', outMs: 1000 }, 'inMs', /expected number, received string/],
    [{}, 'inMs', /expected number, received undefined/],
    [{ inMs: 0 }, 'outMs', /Either outMs or lastMs/],
    [{ inMs: 0, outMs: 1, lastMs: 1 }, 'outMs', /Either outMs or lastMs/],
    [{ inMs: 0, outMs: 1, nonsense: 1 }, '', /"nonsense"/],
    [{ inMs: 0, outMs: 1, parts: [part] }, '', /"parts"/],
    [{ ...part, name: 5 }, 'name', /expected string/],
    [{ parts: 'all' }, 'parts', /expected array, received string/],
    [{ parts: Array.from({ length: 101 }, () => part) }, 'parts', /<=100 items/],
    [{ parts: [part, { inMs: 0, outMs: null }] }, 'parts.1.outMs', /received null/],
    [{ parts: [part, { inMs: 0 }] }, 'parts.1.outMs', /Either outMs or lastMs/],
    [{ parts: [{ ...part, nonsense: 1 }] }, 'parts.0', /"nonsense"/],
    [null, '', /expected object, received null/],
    [[part], '', /expected object, received array/],
  ])('asked for with %j are refused with the field and the reason', async (body, path, message) => {
    const answer = await call('POST', `${sourceId}/clips`, body);
    expect([answer.status, answer.json.error.code]).toEqual([400, 'validationFailed']);
    expect(answer.json.error.details).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });

  it('are for those who are signed in', async () => {
    for (const [method, path] of [
      ['GET', 'clips'],
      ['POST', 'clips'],
      ['GET', 'timeline'],
      ['POST', 'trim'],
      ['DELETE', 'trim'],
      ['POST', 'trim/keep'],
    ] as const) {
      const answer = await send(api.url, method, `/api/v1/entries/${sourceId}/${path}`);
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });
});

describe('what can be cut', () => {
  it('is told, or why nothing can', async () => {
    expect((await call('GET', `${sourceId}/timeline`)).json).toMatchObject({
      startMs: 0,
      endMs: 8000,
      hasSource: true,
    });
    api.clips.refusal = refuse('notLive');
    expect((await call('GET', `${sourceId}/timeline`)).status).toBe(404);
  });
});

describe('a trim', () => {
  it('answers with the entry, or a refusal', async () => {
    expect((await call('POST', `${sourceId}/trim`, { inMs: 1, outMs: 2 })).json).toMatchObject({ id: sourceId });
    expect((await call('POST', `${sourceId}/trim`, { inMs: 1, lastMs: 2, epochMs: 3 })).status).toBe(200);
    expect(api.clips.asked.at(-1)).toEqual({ entryId: sourceId, inMs: 1, lastMs: 2, epochMs: 3 });
    expect((await call('POST', `${sourceId}/trim`, { inMs: 1 })).json.error.code).toBe('validationFailed');
    expect((await call('DELETE', `${sourceId}/trim`)).status).toBe(200);
    expect((await call('POST', `${sourceId}/trim/keep`)).status).toBe(200);
    api.clips.refusal = refuse('entryBeingEdited');
    expect((await call('POST', `${sourceId}/trim`, { inMs: 1, outMs: 2 })).status).toBe(409);
    expect((await call('POST', '0_nothere0/trim', { inMs: 1, outMs: 2 })).status).toBe(404);
  });
});
