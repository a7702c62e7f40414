import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countersIn, encodeCounted, segmentMs, storeCounted } from '../clips/countedMedia.fixture.ts';
import { openPictures, type PicturesUnderTest } from './pictures.fixture.ts';

interface Cue {
  readonly wallClockMs: number;
  readonly time: string;
  readonly sheet: string;
  readonly query: string;
  readonly area: readonly number[];
}

let under: PicturesUnderTest;

beforeAll(async () => {
  under = await openPictures();
});

afterAll(() => under.close());

async function cuesOf(entryId: string, query = ''): Promise<Cue[]> {
  const [head, ...cues] = (await under.get(entryId, 'storyboard.vtt', query)).toString().trim().split('\n\n');
  expect(head).toBe('WEBVTT');
  return cues.map((cue) => {
    const [name, time = '', url = ''] = cue.split('\n');
    const [, sheet = '', sheetQuery = '', area = ''] = /^(.+)\?(.+)#xywh=(.+)$/.exec(url)!;
    return { wallClockMs: Number(name), time, sheet, query: sheetQuery, area: area.split(',').map(Number) };
  });
}

/** The frame number that a tile shows. */
async function counterIn(sheet: Buffer, [x, y, width, height]: readonly number[]): Promise<number | undefined> {
  const crop = `crop=${width}:${height}:${x}:${y}`;
  const args = `-v error -f jpeg_pipe -i - -vf ${crop} -c:v mjpeg -q:v 2 -f mjpeg -`.split(' ');
  return (await countersIn(execFileSync('ffmpeg', args, { input: sheet })))[0];
}

async function countersOf(entryId: string, cues: readonly Cue[]): Promise<(number | undefined)[]> {
  const counters: (number | undefined)[] = [];
  for (const { sheet, query, area } of cues) {
    counters.push(await counterIn(await under.get(entryId, sheet, query), area));
  }
  return counters;
}

describe('a storyboard', () => {
  it('has a tile of a key frame for each interval, over a gap and with other parameters after it', async () => {
    const entryId = '0_gaps0001';
    const { opened, runs } = under;
    await storeCounted(
      opened.store,
      { id: 'gaps', entryId },
      { seconds: 6, startMs: 0 },
      { seconds: 4, startMs: 12_000, flavors: [44] },
    );
    const cues = await cuesOf(entryId);
    expect(runs).toEqual([]);
    expect(cues.map(({ time }) => time)).toEqual([
      '00:00:00.000 --> 00:00:02.000',
      '00:00:02.000 --> 00:00:04.000',
      '00:00:04.000 --> 00:00:06.000',
      '00:00:12.000 --> 00:00:14.000',
      '00:00:14.000 --> 00:00:16.000',
    ]);
    expect(cues.map(({ wallClockMs }) => wallClockMs - cues[0]!.wallClockMs)).toEqual([0, 2000, 4000, 12_000, 14_000]);
    expect(cues.map(({ area }) => area)).toEqual([
      [0, 0, 160, 90],
      [160, 0, 160, 90],
      [320, 0, 160, 90],
      [160, 90, 160, 90],
      [320, 90, 160, 90],
    ]);
    expect(await countersOf(entryId, cues)).toEqual([0, 60, 120, 0, 60]);
    // Two periods are decoded, and one sheet is written, once.
    expect(runs).toHaveLength(3);
  });

  it('takes a finer or coarser interval within bounds, and refuses what is none', async () => {
    const entryId = '0_fine0001';
    await storeCounted(under.opened.store, { id: 'fine', entryId }, { seconds: 6 });
    const fine = await cuesOf(entryId, 'interval=1');
    expect(fine.map(({ time }) => time.slice(6, 8))).toEqual(['00', '01', '02', '03', '04', '05']);
    expect(await countersOf(entryId, fine)).toEqual([0, 0, 60, 60, 120, 120]);
    expect(await cuesOf(entryId, 'interval=9999')).toHaveLength(1);
    for (const interval of ['0', '-1', '1.5', 'x', '99999']) {
      await expect(under.get(entryId, 'storyboard.vtt', `interval=${interval}`)).rejects.toThrow('badRequest');
    }
    for (const sheet of ['1', '99999999']) {
      await expect(under.get(entryId, `storyboard-${sheet}.jpg`)).rejects.toThrow('noPicture');
    }
    await expect(under.get('0_none0000', 'storyboard.vtt')).rejects.toThrow('noPicture');
  });

  it('is made a sheet at a time, for many who ask at once', async () => {
    const entryId = '0_many0001';
    await storeCounted(under.opened.store, { id: 'many', entryId }, { seconds: 2 });
    under.runs.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => under.get(entryId, 'storyboard-0.jpg')));
    expect(under.runs).toHaveLength(2);
  });

  it('grows with a broadcast: only the last sheet changes', async () => {
    const entryId = '0_grow0001';
    const { tracks, frames } = await encodeCounted({ seconds: 6, flavors: [] });
    const writer = await under.opened.store.write({ id: 'grow', entryId, epochMs: 1e12, windowSeconds: 7200 });
    const period = await writer.startPeriod({ startMs: 0, tracks });
    const addSegment = async (number: number) => {
      const segment = period.openSegment({ startMs: number * segmentMs, wallClockMs: 1e12 + number * segmentMs });
      tracks.forEach(({ id, timescale }, index) => {
        for (const frame of frames[index]!) {
          const atMs = (frame.startTicks * 1000) / timescale + 5;
          if (Math.floor(atMs / segmentMs) === number) segment.append(id, frame);
        }
      });
      await segment.complete();
    };
    await addSegment(0);
    const [first] = await cuesOf(entryId);
    expect(await countersOf(entryId, [first!])).toEqual([0]);
    await addSegment(1);
    const cues = await cuesOf(entryId);
    expect(cues[0]!.query).not.toBe(first!.query);
    expect(await countersOf(entryId, cues)).toEqual([0, 60]);
    await writer.end();
  });
});
