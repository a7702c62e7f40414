import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { makeDirectory, removeDirectory } from '../../segments/openedStore.fixture.ts';
import type { FfmpegTask } from '../../transcode/ffmpegTask.ts';
import { dropOrphans } from '../orphans.ts';
import { createLog } from '../../log.ts';
import { readCounters } from './countedMedia.fixture.ts';
import { openClips, type OpenedClips } from './openedClips.fixture.ts';

const frameMs = 1000 / 30;
const between = (first: number, end: number) => ({ inMs: first * frameMs, outMs: end * frameMs });

/** An ffmpeg that has begun and goes on until it is stopped. */
class HeldTasks {
  readonly begun = Promise.withResolvers<void>();

  run({ signal }: FfmpegTask): Promise<Buffer[]> {
    this.begun.resolve();
    return new Promise((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );
  }
}

let root: string;
let tasks: HeldTasks;
let scene: OpenedClips;
let source: string;

beforeEach(async () => {
  root = await makeDirectory();
  tasks = new HeldTasks();
  scene = await openClips(root, { tasks });
  source = await scene.video({ seconds: 4 });
});

afterEach(async () => {
  await scene.close();
  await removeDirectory(root);
});

const folders = () => readdir(join(root, 'media'));

async function expectNothingLeft(...entryIds: readonly string[]): Promise<void> {
  for (const id of entryIds) {
    expect(await scene.store.usage(id)).toEqual({ bytes: 0, sharedBytes: 0 });
    expect(await scene.entries.get(id)).toBeUndefined();
  }
  expect(scene.store.owners().size).toBe(0);
  expect(await folders()).toEqual([]);
  expect(await scene.journal.unfinished()).toEqual([]);
}

describe('an entry that is deleted', () => {
  it('while it is trimmed takes the trim along', async () => {
    const trimmed = scene.clips.trim(source, between(10, 100));
    await tasks.begun.promise;
    expect(await scene.remove(source)).toBe(true);
    expect(await trimmed).toMatchObject({ refused: 'clipSourceGone' });
    await expectNothingLeft(source);
  });

  it('while a clip is made of it takes the clip along', async () => {
    const started = await scene.clips.create({ sourceEntryId: source, parts: [between(10, 100)] });
    if (isRefusal(started)) throw new Error(started.message);
    await tasks.begun.promise;
    await scene.remove(source);
    expect(await started.finished).toMatchObject({ refused: 'clipSourceGone' });
    expect((await scene.entries.get(started.entryId))?.video).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('have been deleted'),
    });
    await scene.remove(started.entryId);
    await expectNothingLeft(source, started.entryId);
  });

  it('while it is made, being a clip, is made no further', async () => {
    const started = await scene.clips.create({ sourceEntryId: source, parts: [between(10, 100)] });
    if (isRefusal(started)) throw new Error(started.message);
    await tasks.begun.promise;
    await scene.remove(started.entryId);
    expect(await started.finished).toMatchObject({ refused: 'clipSourceGone' });
    expect(await scene.entries.get(started.entryId)).toBeUndefined();
    expect(await scene.store.usage(started.entryId)).toEqual({ bytes: 0, sharedBytes: 0 });
    expect(await readCounters((await scene.store.composed(source))!, 'v0')).toHaveLength(120);
    await scene.remove(source);
    await expectNothingLeft(source);
  });

  it('between the plan of a clip and its making leaves no clip', async () => {
    const other = await scene.video({ seconds: 4, startMs: 3000 });
    const get = scene.entries.get.bind(scene.entries);
    let removing: Promise<boolean> | undefined;
    // The second part is looked for once the first has been planned.
    scene.entries.get = async (id) => {
      if (id === other && !removing) {
        const deleted = new Promise<void>((resolve) => scene.entries.onDeleted(() => setImmediate(resolve)));
        removing = scene.remove(source);
        await deleted;
      }
      return await get(id);
    };
    const parts = [between(10, 100), { ...between(0, 9), entryId: other }];
    const removed = scene.clips.create({ sourceEntryId: source, parts });
    expect(await removed).toMatchObject({ refused: 'clipSourceGone' });
    await removing;
    await scene.remove(other);
    await expectNothingLeft(source, other);
  });

  it('when the server died in the middle of it is let go of at the next start', async () => {
    const whole = (await scene.store.composed(source))!;
    await scene.store.compose(`${source}:original`, source, scene.store.rangesOf(whole, 0, 2));
    const kept = await scene.video({ seconds: 4, startMs: 1000 });
    await scene.entries.delete(source);
    await dropOrphans(scene.store, scene.entries, createLog('silent', false));
    expect([...scene.store.owners().keys()]).toEqual([kept]);
    expect(await readCounters((await scene.store.composed(kept))!, 'v0')).toHaveLength(120);
    expect(await folders()).toHaveLength(1);
  });
});
