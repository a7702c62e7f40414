import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countersIn, encodeCounted, segmentMs, storeCounted } from '../clips/countedMedia.fixture.ts';
import { openPictures, type PicturesUnderTest } from './pictures.fixture.ts';

const frameMs = 1000 / 30;
let under: PicturesUnderTest;

beforeAll(async () => {
  under = await openPictures({ mostMaking: 8 });
  await storeCounted(
    under.opened.store,
    { id: 'film', entryId: '0_film0001' },
    { seconds: 6, bFrames: 3, startMs: 200 },
  );
});

afterAll(() => under.close());

async function counterAt(query: string, entryId = '0_film0001'): Promise<number | undefined> {
  return (await countersIn(await under.get(entryId, 'thumbnail.jpg', query)))[0];
}

/** From the start of frame (ITU-T T.81 B.2.2), of which our own pictures have one. */
function sizeOf(picture: Buffer): string {
  const frame = picture.indexOf(Buffer.from([0xff, 0xc0]));
  return `${picture.readUInt16BE(frame + 7)}x${picture.readUInt16BE(frame + 5)}`;
}

const refusalOf = async (name: string, query = '', entryId = '0_film0001') =>
  await under.get(entryId, name, query).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );

describe('a thumbnail', () => {
  it.each([0, 1, 17, 59, 60, 100, 179])('at the begin of frame %i shows it, from each rendition', async (frame) => {
    const t = Math.round(frame * frameMs);
    expect(await counterAt(`t=${t}&width=640`)).toBe(frame);
    expect(await counterAt(`t=${t}&width=160`)).toBe(frame);
  });

  it('in the middle of a frame shows this one, and past the end the last', async () => {
    expect(await counterAt('t=1015')).toBe(30);
    expect(await counterAt('t=999999')).toBe(179);
  });

  it('reads no more than the media from the key frame before, of the rendition that fits best', async () => {
    under.runs.length = 0;
    await counterAt('t=2900&width=100');
    const [{ inputs }] = under.runs as [(typeof under.runs)[number]];
    expect((inputs[0]!.from as Buffer).length).toBeLessThan(100_000);
    expect(under.runs).toHaveLength(1);
  });

  it('has one of a few widths, and is not enlarged', async () => {
    expect(sizeOf(await under.get('0_film0001', 'thumbnail.jpg', 't=0&width=200'))).toBe('240x135');
    expect(sizeOf(await under.get('0_film0001', 'thumbnail.jpg', 't=0&width=1900'))).toBe('320x180');
    expect(sizeOf(await under.get('0_film0001', 'thumbnail.jpg', 't=0'))).toBe('320x180');
  });

  it('is made once for all who ask at the same time, and kept over a restart', async () => {
    under.runs.length = 0;
    await Promise.all(Array.from({ length: 30 }, () => under.get('0_film0001', 'thumbnail.jpg', 't=4321&width=320')));
    expect(under.runs).toHaveLength(1);
    await under.reopen();
    await under.get('0_film0001', 'thumbnail.jpg', 't=4321&width=320');
    expect(under.runs).toHaveLength(1);
  });

  it('without a time is a key frame a tenth into what has ended', async () => {
    expect(await counterAt('')).toBe(0);
    await storeCounted(under.opened.store, { id: 'long', entryId: '0_long0001' }, { seconds: 22 });
    expect(await counterAt('', '0_long0001')).toBe(60);
  });

  it('is refused for hostile parameters, and where there is nothing to see', async () => {
    for (const query of ['t=-1', 't=abc', 't=1e9', 't=99999999999', 'width=0', 'width=15', 'width=1921', 'width=1e3'])
      expect(await refusalOf('thumbnail.jpg', query)).toBe('badRequest');
    expect(await refusalOf('thumbnail.jpg', '', '0_none0000')).toBe('noPicture');
  });

  it('says that there is too much to do rather than let all wait', async () => {
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, index) => refusalOf('thumbnail.jpg', `t=${index * 50 + 7}&width=480`)),
    );
    expect(asked).toEqual(Array.from(asked, (_, index) => (index < 8 ? undefined : 'overloaded')));
  });
});

describe('a thumbnail of what is live', () => {
  it('shows any time so far, and by default the newest key frame, while the broadcast goes on', async () => {
    const entryId = '0_live0001';
    const { tracks, frames } = await encodeCounted({ seconds: 6 });
    const writer = await under.opened.store.write({ id: 'live', entryId, epochMs: 1e12, windowSeconds: 60 });
    const period = await writer.startPeriod({ startMs: 0, tracks });
    const append = (number: number, untilMs: number) => {
      const segment = period.openSegment({ startMs: number * segmentMs, wallClockMs: 1e12 + number * segmentMs });
      tracks.forEach(({ id, timescale }, index) => {
        for (const frame of frames[index]!) {
          const atMs = (frame.startTicks * 1000) / timescale + 5;
          if (atMs >= number * segmentMs && atMs < untilMs) segment.append(id, frame);
        }
      });
      return segment;
    };
    await append(0, 2000).complete();
    expect(await counterAt('', entryId)).toBe(0);
    await append(1, 4000).complete();
    expect(await counterAt('', entryId)).toBe(60);
    const growing = append(2, 5000);
    await expect.poll(() => writer.timeline.growing[0]?.fragments.get('v0')?.length).toBe(30);
    expect(await counterAt('t=4500', entryId)).toBe(135);
    expect(await counterAt('t=60000', entryId)).toBe(149);
    await growing.complete();
    await writer.end();
  });
});

describe('pictures on disk', () => {
  it('stay within their bound', async () => {
    const small = await openPictures({ maxBytes: 2500 });
    try {
      await storeCounted(small.opened.store, { id: 'film', entryId: '0_film0001' }, { seconds: 2 });
      for (let t = 0; t < 2000; t += 400) await small.get('0_film0001', 'thumbnail.jpg', `t=${t}&width=320`);
      await small.reopen();
      const folder = join(small.directory, 'made', '0_film0001');
      await expect.poll(() => readdirSync(folder).length).toBeLessThan(5);
      expect(readdirSync(folder).length).toBeGreaterThan(0);
    } finally {
      await small.close();
    }
  });

  it('go with their entry', async () => {
    await under.get('0_film0001', 'thumbnail.jpg', 't=100');
    await under.pictures.choosePosterFrame('0_film0001', 500);
    const making = under.get('0_film0001', 'thumbnail.jpg', 't=3456');
    await under.pictures.forget('0_film0001');
    await making;
    await under.reopen();
    expect(existsSync(join(under.directory, 'made', '0_film0001'))).toBe(false);
    expect(readdirSync(join(under.directory, 'posters'))).toEqual([]);
  });
});
