import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeCounted } from '../recording/clips/countedMedia.fixture.ts';
import { openClips, type OpenedClips } from '../recording/clips/openedClips.fixture.ts';
import { makeDirectory, removeDirectory } from '../segments/openedStore.fixture.ts';
import { send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

const hours = 2;
const pieceSeconds = 20;
const readyWithinMs = 3000;
let root: string;
let scene: OpenedClips;
let api: ApiUnderTest;

beforeAll(async () => {
  root = await makeDirectory();
  scene = await openClips(root);
  api = await startApi({ over: scene });
});

afterAll(async () => {
  await api.close();
  await scene.close();
  await removeDirectory(root);
});

it('a clip of a source of two hours can be played within three seconds', async () => {
  const token = await signIn(api.url);
  const id = await scene.video({ seconds: 2 });
  const media = { seconds: pieceSeconds, startMs: 1000, bFrames: 2 };
  const { segments } = await storeCounted(scene.store, { id: 'piece', entryId: `live-of-${id}` }, media);
  const range = { timelineId: 'piece', first: segments[0]!.sequence, end: segments.at(-1)!.sequence + 1 };
  const pieces = Array.from({ length: (hours * 3600) / pieceSeconds }, () => range);
  await scene.store.compose(id, id, pieces);
  const begunMs = performance.now();
  const answer = await send(api.url, 'POST', `/api/v1/entries/${id}/clips`, {
    token,
    body: { inMs: 900_717, outMs: 6_500_311 },
  });
  const tookMs = performance.now() - begunMs;
  expect([answer.status, answer.json.status]).toEqual([201, 'ready']);
  expect(tookMs).toBeLessThan(readyWithinMs);
  const clip = (await scene.store.composed(answer.json.id as string))!;
  expect(clip.segments.length).toBeGreaterThan(2700);
  expect(clip.ended).toBe(true);
});
