import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import type { StoredBytes } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import type { Packager } from '../packager.ts';
import { a0, v0, v1, v2 } from '../tracks.fixture.ts';
import { parseBootstrapPath, parseFragmentPath } from './fragmentPath.ts';
import { addMadeSegments, madeMedia, madeSegment, withInit } from './madeTimeline.fixture.ts';
import { createHdsPackager } from './packager.ts';
import { listedFragments, mdatOf, readBootstrap, readTags } from './readHds.fixture.ts';

async function answer(
  timeline: MemoryTimeline,
  name: string,
  packager = createHdsPackager(),
): Promise<string | Buffer> {
  const media = await packager.media(timeline, `${timelineTag(timeline)}/${name}`);
  if (isRefusal(media)) return media.refused;
  if ('following' in media) throw new Error('made media is whole');
  expect(media.contentType).toBe('video/f4f');
  return media.bytes.buffer();
}

/** A fragment's tags as `v 1000 <payload>`; configurations as `V` and `A`. */
async function tagsOf(timeline: MemoryTimeline, name: string, packager?: Packager): Promise<string[]> {
  const bytes = await answer(timeline, name, packager);
  if (typeof bytes === 'string') return [bytes];
  return readTags(mdatOf(bytes)).map(({ type, packetType, timestamp, payload }) => {
    const kind = type === 9 ? 'v' : 'a';
    return packetType === 0 ? `${kind.toUpperCase()} ${timestamp}` : `${kind} ${timestamp} ${payload.toString()}`;
  });
}

function startedWith(
  tracks: Parameters<typeof withInit>[0][],
  options: ConstructorParameters<typeof MemoryTimeline>[0] = {},
) {
  const timeline = new MemoryTimeline(options);
  timeline.startPeriod(0, tracks.map(withInit));
  return timeline;
}

describe('HDS fragments', () => {
  it('carry the rendition and the sound, each frame at its time', async () => {
    const timeline = startedWith([v0, v1, a0]);
    addMadeSegments(timeline, 2, 0, [v0, v1, a0]);
    expect(await tagsOf(timeline, 'v1Seg1-Frag2')).toEqual([
      'V 2000',
      'A 2000',
      'v 2000 v1 2',
      'a 2000 a0 2',
      'v 3000 v1 3',
      'a 3000 a0 3',
    ]);
    expect(await tagsOf(timeline, 'a0Seg1-Frag1')).toEqual(['A 0', 'a 0 a0 0', 'a 1000 a0 1']);
  });

  it('without a picture or a sound have the other one, and without both the configurations alone', async () => {
    const timeline = startedWith([v0, a0]);
    timeline.add(madeSegment(0, [a0]));
    timeline.add(madeSegment(2000, [v0]));
    timeline.add(madeSegment(4000, []));
    expect(await tagsOf(timeline, 'v0Seg1-Frag1')).toEqual(['V 0', 'A 0', 'a 0 a0 0', 'a 1000 a0 1']);
    expect(await tagsOf(timeline, 'v0Seg1-Frag2')).toEqual(['V 2000', 'A 2000', 'v 2000 v0 2', 'v 3000 v0 3']);
    expect(await tagsOf(timeline, 'v0Seg1-Frag3')).toEqual(['V 4000', 'A 4000']);
  });

  it('of a period without the rendition are those of what stands in for it', async () => {
    const timeline = startedWith([v0, v1, a0]);
    addMadeSegments(timeline, 1, 0, [v0, v1, a0]);
    timeline.startPeriod(2000, [v2, a0].map(withInit));
    addMadeSegments(timeline, 1, 2000, [v2, a0]);
    timeline.startPeriod(4000, [withInit(a0)]);
    addMadeSegments(timeline, 1, 4000, [a0]);
    expect(await tagsOf(timeline, 'v1Seg1-Frag3')).toContain('v 2000 v2 2');
    expect(await tagsOf(timeline, 'v1Seg1-Frag5')).toEqual(['A 4000', 'a 4000 a0 4', 'a 5000 a0 5']);
  });

  it('with the number that a new period leaves out have the configurations alone', async () => {
    const timeline = startedWith([v0, a0]);
    addMadeSegments(timeline, 1, 0, [v0, a0]);
    timeline.startPeriod(2000, [v0, a0].map(withInit));
    addMadeSegments(timeline, 1, 2000, [v0, a0]);
    expect(await tagsOf(timeline, 'v0Seg1-Frag2')).toEqual(['V 2000', 'A 2000']);
    expect(await tagsOf(timeline, 'v0Seg1-Frag3')).toContain('v 2000 v0 2');
    expect(await tagsOf(timeline, 'v0Seg1-Frag4')).toEqual(['segmentNotFound']);
  });

  it('that have just left the window are there for as long as the store has them', async () => {
    const timeline = startedWith([v0, a0], { windowSeconds: 4, graceSegments: 2 });
    const packager = createHdsPackager();
    addMadeSegments(timeline, 4, 0, [v0, a0]);
    const before = await answer(timeline, 'v0Seg1-Frag4', createHdsPackager());
    await tagsOf(timeline, 'v0Seg1-Frag4', packager);
    timeline.startPeriod(10_000, [withInit(v0)]);
    addMadeSegments(timeline, 2, 10_000, [v0]);
    const found = await Promise.all(
      [2, 3, 4, 5, 6].map((number) => tagsOf(timeline, `v0Seg1-Frag${number}`, packager)),
    );
    expect(found.map(([first]) => first)).toEqual(['segmentNotFound', 'V 4000', 'V 6000', 'V 10000', 'V 10000']);
    expect(await answer(timeline, 'v0Seg1-Frag4', packager)).toEqual(before);
  });

  it('are made once for all who ask at the same time, and again only when let go', async () => {
    const timeline = startedWith([v0, a0]);
    addMadeSegments(timeline, 1, 0, [v0, a0]);
    let reads = 0;
    const media = timeline.media.bind(timeline);
    timeline.media = (sequence, trackId) => {
      reads++;
      return media(sequence, trackId);
    };
    const packager = createHdsPackager();
    const all = await Promise.all(Array.from({ length: 50 }, () => answer(timeline, 'v0Seg1-Frag1', packager)));
    expect(new Set(all).size).toBe(1);
    await answer(timeline, 'v0Seg1-Frag1', packager);
    expect(reads).toBe(2);
  });

  it.each(['v0Seg1-Frag3', 'v0Seg1-Frag999999', 'v0Seg1-Frag9999999999'])('are not there as %s', async (name) => {
    const timeline = startedWith([v0, a0]);
    addMadeSegments(timeline, 2, 0, [v0, a0]);
    expect(await answer(timeline, name)).toBe('segmentNotFound');
  });

  it('are refused for renditions there have never been, and for another broadcast', async () => {
    const timeline = startedWith([v0, a0]);
    addMadeSegments(timeline, 2, 0, [v0, a0]);
    for (const id of ['v1', 'constructor', 'manifest'])
      expect(await answer(timeline, `${id}Seg1-Frag1`)).toBe('trackNotFound');
    const other = startedWith([v0, a0], { id: 'broadcast-2' });
    addMadeSegments(other, 2, 0, [v0, a0]);
    expect(await createHdsPackager().media(other, `${timelineTag(timeline)}/v0Seg1-Frag1`)).toMatchObject({
      refused: 'segmentNotFound',
    });
  });

  it('are refused when their files have gone meanwhile, and asked for anew the next time', async () => {
    const timeline = startedWith([v0]);
    addMadeSegments(timeline, 1, 0, [v0]);
    const media = timeline.media.bind(timeline);
    const gone: StoredBytes = {
      length: 1,
      stream: () => {
        throw new Error('not asked for');
      },
      buffer: () => Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' })),
    };
    timeline.media = () => gone;
    const packager = createHdsPackager();
    expect(await answer(timeline, 'v0Seg1-Frag1', packager)).toBe('segmentNotFound');
    timeline.media = () => undefined;
    expect(await answer(timeline, 'v0Seg1-Frag1', packager)).toBe('segmentNotFound');
    timeline.media = media;
    expect(await tagsOf(timeline, 'v0Seg1-Frag1', packager)).toHaveLength(3);
  });

  it('of damaged media are an error, and not kept', async () => {
    const timeline = startedWith([v0]);
    timeline.add({ startMs: 0, durationMs: 2000, tracks: { v0: { startTicks: 0, durationTicks: 180_000 } } });
    const packager = createHdsPackager();
    await expect(answer(timeline, 'v0Seg1-Frag1', packager)).rejects.toThrow('box');
    await expect(answer(timeline, 'v0Seg1-Frag1', packager)).rejects.toThrow('box');
  });

  it('of any broadcast are all found, and hold every stored sample at its time', async () => {
    const sample = fc.record({ bytes: fc.integer({ min: 1, max: 40 }), reorderedBy: fc.integer({ min: 0, max: 3 }) });
    const segment = fc.record({
      newPeriod: fc.boolean(),
      gapMs: fc.constantFrom(0, 0, 700),
      has: fc.constantFrom<string[]>(['v0', 'a0'], ['v0', 'a0'], ['v0'], ['a0'], []),
      samples: fc.array(sample, { minLength: 1, maxLength: 12 }),
    });
    const history = fc.array(segment, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.constantFrom(0, 3),
        fc.constantFrom(0, 2 ** 24 - 2000),
        async (events, windowSeconds, originMs) => {
          const timeline = new MemoryTimeline({ windowSeconds });
          const packager = createHdsPackager();
          let positionMs = originMs;
          timeline.startPeriod(positionMs, [v0, a0].map(withInit));
          const expected = new Map<number, string[]>();
          for (const { newPeriod, gapMs, has, samples } of events) {
            if (newPeriod || gapMs > 0) {
              positionMs += gapMs;
              timeline.startPeriod(positionMs, [v0, a0].map(withInit));
            }
            // 40 ms a frame; a later one shown before it moves a frame back, as CMAF says it.
            const frames = samples.map(({ bytes, reorderedBy }, index) => {
              const shownMs = positionMs + Math.max(0, index - reorderedBy) * 40;
              return { bytes, shownMs, compositionTicks: (shownMs - positionMs - index * 40) * 90, sync: index === 0 };
            });
            const payload = (bytes: number) => Array.from({ length: bytes }, (_, at) => (at * 7 + bytes) & 0xff);
            const half = Math.ceil(frames.length / 2);
            const video = frames.map((frame) => ({ ...frame, durationTicks: 3600, media: payload(frame.bytes) }));
            const audio = frames.map(({ bytes }) => ({ durationTicks: 1920, media: payload(bytes) }));
            const all = {
              v0: madeMedia(
                positionMs * 90,
                ...[video.slice(0, half), video.slice(half)].filter((part) => part.length > 0),
              ),
              a0: madeMedia(positionMs * 48, audio),
            };
            const durationMs = frames.length * 40;
            const tracks = Object.fromEntries(Object.entries(all).filter(([id]) => has.includes(id)));
            timeline.add({ startMs: positionMs, durationMs, tracks });
            const startMs = positionMs;
            const text = (bytes: number) => Buffer.from(payload(bytes)).toString('hex');
            const { sequence, period } = timeline.segments.at(-1)!;
            expected.set(sequence + 1 + period, [
              ...(has.includes('v0') ? frames.map(({ shownMs, bytes }) => `9 ${shownMs} ${text(bytes)}`) : []),
              ...(has.includes('a0')
                ? frames.map(({ bytes }, index) => `8 ${startMs + index * 40} ${text(bytes)}`)
                : []),
            ]);
            positionMs += durationMs;
          }
          const path = `${timelineTag(timeline)}/bootstrap.abst`;
          const bootstrap = await packager.manifest(timeline, { path, query: '', nowMs: 0 });
          if (isRefusal(bootstrap)) throw new Error(bootstrap.refused);
          const listed = listedFragments(readBootstrap(bootstrap.body));
          expect(listed).toEqual(
            timeline.segments.map(({ sequence, period, startMs, durationMs }) => ({
              number: sequence + 1 + period,
              startMs,
              durationMs,
            })),
          );
          for (const { number, startMs } of listed) {
            const tags = readTags(mdatOf((await answer(timeline, `v0Seg1-Frag${number}`, packager)) as Buffer));
            const frames = tags.filter(({ packetType }) => packetType === 1);
            const shown = [...frames.filter(({ type }) => type === 9), ...frames.filter(({ type }) => type === 8)].map(
              ({ type, timestamp, composition, payload }) =>
                `${type} ${timestamp + composition} ${payload.toString('hex')}`,
            );
            expect(shown).toEqual(expected.get(number));
            expect(tags.map(({ timestamp }) => timestamp)).toEqual(
              tags.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b),
            );
            expect(tags.every(({ timestamp, composition }) => timestamp >= startMs && composition >= 0)).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('parseFragmentPath', () => {
  it('takes what clients make of an address in the manifest', () => {
    expect(parseFragmentPath('AAAAAAAA/v0Seg1-Frag12')).toEqual({ tag: 'AAAAAAAA', trackId: 'v0', number: 12 });
  });

  it.each([
    'AAAAAAAA/v0Seg1-Frag0',
    'AAAAAAAA/v0Seg1-Frag-1',
    'AAAAAAAA/v0Seg1-Frag01',
    'AAAAAAAA/v0Seg2-Frag1',
    'AAAAAAAA/v0Seg1-Frag1e3',
    'AAAAAAAA/v0Seg1-Frag12345678901',
    'AAAAAAAA/v0Seg1-Frag1\n',
    'AAAAAAAA/Seg1-Frag1',
    'AAAAAAA/v0Seg1-Frag1',
    'AAAAAAAA/../v0Seg1-Frag1',
    'AAAAAAAA/v0/Seg1-Frag1',
    `AAAAAAAA/${'v'.repeat(10_000)}Seg1-Frag1`,
    '',
  ])('knows nothing of %j', (path) => {
    expect(parseFragmentPath(path)).toBeUndefined();
    expect(parseBootstrapPath(path)).toBeUndefined();
  });
});
