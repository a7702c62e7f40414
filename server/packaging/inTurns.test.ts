import { beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../errors.ts';
import { timelineTag } from './cmaf/mediaPath.ts';
import { inTurns, segmentsAtOnce } from './inTurns.ts';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { madeTracks } from './mss/madeTracks.fixture.ts';
import type { Packager } from './packager.ts';
import { packagers } from './packagers.ts';
import { segmentOf } from './tracks.fixture.ts';

const tracks = [madeTracks.v0, madeTracks.a0];
const paths: Readonly<Record<string, readonly string[]>> = {
  hls: ['master.m3u8', 'v0.m3u8', 'v0-iframes.m3u8', 'a0.m3u8'],
  dash: ['manifest.mpd'],
  hds: [`${timelineTag(new MemoryTimeline({}))}/bootstrap.abst`],
  mss: ['Manifest'],
};
const cases = Object.entries(paths).flatMap(([name, own]) => own.map((path) => ({ name, path })));
const segmentCount = 2.5 * segmentsAtOnce;

describe('work in turns', () => {
  it('is done at once where it is little', () => {
    expect(inTurns(() => false)).toBeUndefined();
  });

  it('lets others have their turns', async () => {
    let steps = 0;
    const others: number[] = [];
    setImmediate(() => others.push(steps));
    await inTurns(() => ++steps < 3);
    expect([others, steps]).toEqual([[1], 3]);
  });

  it('fails as a whole', async () => {
    let steps = 0;
    const failing = inTurns(() => {
      if (++steps === 2) throw new Error('no more');
      return true;
    });
    await expect(failing).rejects.toThrow('no more');
  });
});

describe('the first manifest of many hours', () => {
  /** The same, made a little at a time while the timeline grew. */
  const extended = new Map<string, string>();
  const timeline = new MemoryTimeline({});

  const create = (name: string) => packagers.map((make) => make()).find((packager) => packager.name === name)!;
  const ask = async (packager: Packager, path: string) => {
    const manifest = await packager.manifest(timeline, { path, query: '', nowMs: 0 });
    if (isRefusal(manifest)) throw new Error(`${path}: ${manifest.refused}`);
    return manifest.body.toString('latin1');
  };

  beforeAll(async () => {
    const watching = cases.map(({ name, path }) => ({ packager: create(name), path }));
    for (let index = 0; index < segmentCount; index++) {
      if (index % 3000 === 0) timeline.startPeriod(index * 2000, tracks);
      timeline.add(segmentOf(index * 2000, 2000, tracks));
      if (index === segmentCount - 1) timeline.end();
      else if (index % 1000 !== 999) continue;
      for (const { packager, path } of watching) extended.set(path, await ask(packager, path));
    }
  });

  it.each(cases)('of $name/$path is made in turns, and is as if it had been extended', async ({ name, path }) => {
    let turns = 0;
    let going = true;
    const turn = () => {
      turns++;
      if (going) setImmediate(turn);
    };
    setImmediate(turn);
    const packager = create(name);
    const both = await Promise.all([ask(packager, path), ask(packager, path)]);
    going = false;
    expect(both.map((text) => text === extended.get(path))).toEqual([true, true]);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(segmentCount / segmentsAtOnce) / 2);
  });
});
