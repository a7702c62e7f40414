import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../log.ts';
import { DiskSpace } from './diskSpace.ts';

const log = createLog('silent', false);
let space: DiskSpace;
let freeBytes: number | Error = 5000;

function watch(floorBytes: number): boolean[] {
  const measure = () => (freeBytes instanceof Error ? Promise.reject(freeBytes) : Promise.resolve(freeBytes));
  space = new DiskSpace({ directory: '/nowhere', floorBytes, log, measure, intervalMs: 3_600_000 });
  const heard: boolean[] = [];
  space.onChanged((isLow) => heard.push(isLow));
  return heard;
}

afterEach(() => space.close());

describe('DiskSpace', () => {
  it('tells once that the disk is low, and once that it has room again, with some to spare', async () => {
    const heard = watch(1000);
    const seen: boolean[] = [];
    for (freeBytes of [5000, 1000, 999, 500, 1050, 1099, 1100, 1000, 10]) {
      await space.look();
      seen.push(space.isLow);
    }
    expect(seen).toEqual([false, false, true, true, true, true, false, false, true]);
    expect(heard).toEqual([true, false, true]);
    expect(space.freeBytes).toBe(10);
  });

  it('goes by what it last knew when the system does not say', async () => {
    const heard = watch(1000);
    freeBytes = new Error('no such file system');
    await space.look();
    expect([space.freeBytes, space.isLow]).toEqual([undefined, false]);
    freeBytes = 10;
    await space.look();
    freeBytes = new Error('gone');
    await space.look();
    expect([space.freeBytes, space.isLow]).toEqual([10, true]);
    expect(heard).toEqual([true]);
  });

  it('never finds the disk low without a floor', async () => {
    watch(0);
    freeBytes = 0;
    await space.look();
    expect(space.isLow).toBe(false);
  });

  it('looks by itself, at the real disk', async () => {
    space = new DiskSpace({ directory: tmpdir(), floorBytes: Number.MAX_SAFE_INTEGER, log, intervalMs: 1 });
    await expect.poll(() => space.isLow).toBe(true);
    expect(space.freeBytes).toBeGreaterThan(0);
  });
});
