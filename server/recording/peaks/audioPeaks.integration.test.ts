import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { storeCounted } from '../clips/countedMedia.fixture.ts';
import { openPictures, type PicturesUnderTest } from '../pictures/pictures.fixture.ts';
import type { Peaks } from './audioPeaks.ts';

let under: PicturesUnderTest;

beforeAll(async () => {
  under = await openPictures();
  // A tone at half of what is possible, a gap of five seconds, and the tone again.
  await storeCounted(
    under.opened.store,
    { id: 'tone', entryId: '0_tone0001' },
    { seconds: 4, startMs: 0, flavors: [] },
    { seconds: 4, startMs: 9000, flavors: [] },
  );
});

afterAll(() => under.close());

async function peaks(fromMs: number, toMs: number | undefined, points: number): Promise<Peaks> {
  let found: Peaks;
  do {
    const answer = await under.pictures.peaks({ entryId: '0_tone0001', fromMs, points, ...(toMs && { toMs }) });
    if (isRefusal(answer)) throw new Error(answer.refused);
    found = answer;
  } while (!found.complete);
  return found;
}

describe('a waveform', () => {
  it('shows how loud it is where, with nothing in gaps', async () => {
    const { min, max, durationMs, toMs } = await peaks(0, undefined, 13);
    expect([durationMs, toMs]).toEqual([13_000, 13_000]);
    const loud = [0, 1, 2, 3, 9, 10, 11, 12];
    for (const point of loud) {
      expect(max[point]).toBeGreaterThan(55);
      expect(max[point]).toBeLessThan(73);
      expect(min[point]).toBeLessThan(-55);
    }
    expect(max.slice(5, 8)).toEqual([null, null, null]);
  });

  it('is decoded once, whatever is asked of it', async () => {
    under.runs.length = 0;
    const { max } = await peaks(1000, 1100, 50);
    expect(max).toHaveLength(50);
    expect(max.every((value) => value !== null)).toBe(true);
    await under.reopen();
    await peaks(0, 13_000, 4000);
    expect(under.runs).toEqual([]);
    const beyond = await peaks(0, 26_000, 4);
    expect(beyond.max[3]).toBeNull();
  });

  it('is refused where there is nothing, and for a range that is none', async () => {
    const ask = (entryId: string, fromMs: number, toMs?: number) =>
      under.pictures.peaks({ entryId, fromMs, points: 10, ...(toMs !== undefined && { toMs }) });
    expect(await ask('0_none0000', 0)).toMatchObject({ refused: 'notLive' });
    expect(await ask('0_tone0001', 500, 500)).toMatchObject({ refused: 'badRequest' });
    expect(await ask('0_tone0001', 0, 1e9)).toMatchObject({ refused: 'badRequest' });
  });
});
