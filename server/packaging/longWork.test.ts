import { beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../errors.ts';
import { timelineTag } from './cmaf/mediaPath.ts';
import { LongWork, segmentsAtOnce } from './longWork.ts';
import { MemoryTimeline } from './memoryTimeline.fixture.ts';
import { madeTracks } from './mss/madeTracks.fixture.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { Packager } from './packager.ts';
import { packagers } from './packagers.ts';
import { TimelinePart } from './timelinePart.ts';
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

/** Work of so many steps, which notes each under its name. */
function work(name: string, steps: number, log: string[]): () => boolean {
  let left = steps;
  return () => {
    log.push(name);
    return --left > 0;
  };
}

describe('long work', () => {
  const whole = new MemoryTimeline({});
  const part = () => new TimelinePart(whole, {}, () => 0);

  it('is done at once where it is little', () => {
    expect(
      new LongWork().before(
        whole,
        () => false,
        () => 'done',
      ),
    ).toBe('done');
  });

  it('lets others have their turns', async () => {
    const log: string[] = [];
    setImmediate(() => log.push('other'));
    await new LongWork().before(whole, work('step', 3, log), () => 'done');
    expect(log).toEqual(['step', 'other', 'step', 'step']);
  });

  it('is done one after the other, and parts do not hold up wholes', async () => {
    const log: string[] = [];
    const longWork = new LongWork();
    const answers = ['a', 'b'].map((name) => longWork.before(part(), work(name, 3, log), () => name));
    const answer = longWork.before(whole, work('w', 2, log), () => 'w');
    expect(await Promise.all([...answers, answer])).toEqual(['a', 'b', 'w']);
    expect(log.slice(0, 3)).toEqual(['a', 'b', 'w']);
    expect(log.slice(3).filter((name) => name !== 'w')).toEqual(['a', 'a', 'b', 'b']);
    expect(log.indexOf('w', 3)).toBeLessThan(log.indexOf('b', 3));
  });

  it('fails alone', async () => {
    const longWork = new LongWork();
    let steps = 0;
    const failing = longWork.before(
      whole,
      () => {
        if (++steps === 2) throw new Error('no more');
        return true;
      },
      () => 'done',
    );
    const next = longWork.before(whole, work('next', 2, []), () => 'done');
    await expect(failing).rejects.toThrow('no more');
    expect(await next).toBe('done');
  });

  it('is refused for ever other parts when many are waiting, and done again once they are made', async () => {
    const longWork = new LongWork();
    const ask = (timeline: TimelineReader) => longWork.before(timeline, work('', 2, []), () => 'done' as const);
    const asked = Array.from({ length: 20 }, () => Promise.resolve(ask(part())));
    expect(await ask(whole)).toBe('done');
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(16);
    expect(answers.at(-1)).toMatchObject({ refused: 'overloaded' });
    expect(await ask(part())).toBe('done');
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
