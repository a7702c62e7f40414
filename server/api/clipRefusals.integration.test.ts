import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openClips, type OpenedClips } from '../recording/clips/openedClips.fixture.ts';
import { makeDirectory, removeDirectory } from '../segments/openedStore.fixture.ts';
import type { FfmpegTask } from '../transcode/ffmpegTask.ts';
import { send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

let root: string;
let scene: OpenedClips;
let api: ApiUnderTest;
let token: string;
let begun = Promise.withResolvers<void>();
const tasks = {
  run: ({ signal }: FfmpegTask): Promise<Buffer[]> => {
    begun.resolve();
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  },
};
const call = (method: string, path: string, body?: unknown) =>
  send(api.url, method, `/api/v1/entries/${path}`, { body, token });

beforeAll(async () => {
  root = await makeDirectory();
  scene = await openClips(root, { tasks });
  api = await startApi({ over: scene });
  token = await signIn(api.url);
});

afterAll(async () => {
  await api.close();
  await scene.close();
  await removeDirectory(root);
});

it('without the Source flavor nothing is cut, and the answer says what to do', async () => {
  const id = await scene.video({ seconds: 4, withoutSource: true });
  expect((await call('GET', `${id}/timeline`)).json).toMatchObject({ hasSource: false });
  for (const path of ['clips', 'trim']) {
    const answer = await call('POST', `${id}/${path}`, { inMs: 500, outMs: 1500 });
    expect([answer.status, answer.json.error.code]).toEqual([409, 'sourceFlavorMissing']);
  }
  expect((await call('GET', `${id}/clips`)).json.total).toBe(0);
  await call('DELETE', id);
});

it.each(['clips', 'trim'])('a source that is deleted meanwhile is told of (%s)', async (path) => {
  begun = Promise.withResolvers<void>();
  const id = await scene.video({ seconds: 4 });
  const asked = call('POST', `${id}/${path}`, { inMs: 500, outMs: 1500 });
  await begun.promise;
  expect((await call('DELETE', id)).status).toBe(204);
  const answer = await asked;
  expect([answer.status, answer.json.error.code]).toEqual([409, 'clipSourceGone']);
  expect((await call('GET', id)).status).toBe(404);
  expect((await scene.entries.list({ origin: 'clip' })).total).toBe(0);
  expect(await readdir(join(root, 'media'))).toEqual([]);
});
