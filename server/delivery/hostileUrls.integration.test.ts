import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { errorTable, type ErrorCode } from '../errors.ts';
import { createLog } from '../log.ts';
import { timelineTag } from '../packaging/cmaf/mediaPath.ts';
import { GrowingTimeline } from '../packaging/hls/growingTimeline.fixture.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { madeMedia, madeTracks } from '../packaging/mss/madeTracks.fixture.ts';
import { packagers } from '../packaging/packagers.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { createDelivery } from './delivery.ts';
import { askHandler } from './handlerExchange.fixture.ts';

const entryId = '0_abcd1234';
const epochMs = Date.UTC(2026, 10, 22, 12);
const tracks = [madeTracks.v0, madeTracks.v1, madeTracks.a0];

function broadcast(segments: number): MemoryTimeline {
  const timeline = new MemoryTimeline({ entryId, epochMs, windowSeconds: 7200 });
  for (let index = 0; index < segments; index++) {
    if (index % 50 === 0) timeline.startPeriod(index * 2000, tracks);
    const media = tracks.map(({ id, timescale }) => [id, madeMedia(index * 2 * timescale, 2 * timescale)] as const);
    timeline.add({ startMs: index * 2000, durationMs: 2000, tracks: Object.fromEntries(media) });
  }
  timeline.end();
  return timeline;
}

function deliver(timeline: MemoryTimeline, former: () => Promise<TimelineReader[]> = () => Promise.resolve([])) {
  const { handler } = createDelivery({
    timelines: { playing: (id) => (id === entryId ? timeline : undefined), former },
    packagers,
    log: createLog('silent', false),
    now: () => epochMs + 7_200_000,
  });
  return (path: string) => askHandler(handler, path);
}

const timeline = broadcast(100);
const tag = timelineTag(timeline);
const ask = deliver(timeline);

/** Paths that are there. */
const served = [
  'hls/master.m3u8',
  'hls/v0.m3u8',
  `hls/${tag}/v0/3.m4s`,
  `hls/${tag}/v0/0/init.mp4`,
  'dash/manifest.mpd',
  `dash/${tag}/a0/1/4800000.m4s`,
  `dash/${tag}/v1/0/init.mp4`,
  'hds/manifest.f4m',
  'hds/set.f4m',
  'hds/v1.f4m',
  `hds/${tag}/bootstrap.abst`,
  `hds/${tag}/v0Seg1-Frag7`,
  'mss/Manifest',
  `mss/${tag}/QualityLevels(3000000)/Fragments(video=20000000)`,
  `mss/${tag}/QualityLevels(128000)/FragmentInfo(audio=0)`,
].map((path) => `/play/${entryId}/${path}`);

const numbers = fc.oneof(
  fc.constantFrom('0', '-1', '00', '1e9', '0x1', '1.5', '4294967296', '9007199254740993', '9'.repeat(40), 'NaN', ''),
  fc.nat().map(String),
);
const nasty = fc.oneof(
  fc.constantFrom('..', '.', '%2e%2e', '%2F', '%5c', '\\', '%00', '\0', '//', '/', '?', '#', '%', '%zz', ';', ' '),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'é', '\u{1f4a9}', '\ud800', '{bitrate}'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.integer({ min: 1, max: 9000 }).map((length) => 'a/'.repeat(length)),
  numbers,
);

/** A path that is there, with something done to it. */
const mutated = fc
  .record({ path: fc.constantFrom(...served), at: fc.nat(), cut: fc.nat(6), put: nasty })
  .map(({ path, at, cut, put }) => {
    const place = '/play/'.length + (at % (path.length - '/play/'.length + 1));
    return path.slice(0, place) + put + path.slice(place + cut);
  });
/** A path that is there, with another number in the place of one of its own. */
const renumbered = fc
  .record({ path: fc.constantFrom(...served), which: fc.nat(), put: numbers })
  .map(({ path, which, put }) => {
    const found = [...path.matchAll(/\d+/g)].filter(({ index }) => index > '/play/0_abcd1234'.length);
    const chosen = found[which % Math.max(1, found.length)];
    return chosen ? path.slice(0, chosen.index) + put + path.slice(chosen.index + chosen[0].length) : path + put;
  });
const strange = fc.array(nasty, { maxLength: 6 }).map((parts) => `/play/${parts.join('/')}`);
const parameter = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('start', 'end', 'token', '_HLS_msn', '_HLS_part', '_HLS_skip', 'x'), nasty),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('start', 'end'),
      fc.integer({ min: epochMs - 10_000, max: epochMs + 300_000 }).map(String),
    ),
  },
);
const query = fc
  .array(parameter, { maxLength: 4 })
  .map((parameters) => parameters.map(([name, value]) => `${name}=${value}`).join('&'));
const elsewhere = fc.constantFrom(...served).map((path) => path.replace(entryId, '0_00000000'));
const anyUrl = fc
  .tuple(fc.oneof(fc.constantFrom(...served), elsewhere, mutated, renumbered, strange), fc.option(query))
  .map(([path, asked]) => (asked === null ? path : `${path}?${asked}`));

describe('any URL', () => {
  it.each(served)('such as %s is served as it is', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  it('is answered soon, by what is there or by an error of the table', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyUrl, async (url) => {
        const startedMs = performance.now();
        const { status, body } = await ask(url);
        expect(performance.now() - startedMs).toBeLessThan(1000);
        if (status === 200) return;
        const { error } = JSON.parse(body.toString()) as { error: { code: ErrorCode; message: string } };
        expect(errorTable[error.code].status).toBe(status);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
        seen.add(error.code);
      }),
      { numRuns: 3000 },
    );
    const expected = ['badRequest', 'invalidTimeRange', 'notFound', 'notLive', 'segmentNotFound', 'trackNotFound'];
    expect([...seen]).toEqual(expect.arrayContaining(expected));
  });
});

describe('a storm of requests', () => {
  let collect: () => void;
  beforeAll(() => {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  });

  const heapBytes = async () => {
    // Twice, with a turn between: what is held weakly is let go only after the turn that touched it.
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  /** Bytes that it adds to what was there before the first. */
  async function growth(count: number, send: (index: number) => Promise<number>, expected: readonly number[]) {
    const before = await heapBytes();
    for (let index = 0; index < count; index++) {
      const status = await send(index);
      if (!expected.includes(status)) throw new Error(`${index}: ${status}`);
    }
    return (await heapBytes()) - before;
  }

  const entry = `/play/${entryId}`;
  const absent: ((index: number) => string)[] = [
    (index) => `/play/0_${index.toString(36).padStart(8, '0')}/hls/master.m3u8`,
    (index) => `${entry}/hls/x${index.toString(36)}.m3u8`,
    (index) => `${entry}/hls/${tag}/v0/${100_000 + index}.m4s`,
    (index) => `${entry}/hls/${index.toString(36).padStart(8, '0')}/v0/1.m4s`,
    (index) => `${entry}/dash/${tag}/v0/0/${index * 1000 + 1}.m4s`,
    (index) => `${entry}/dash/${tag}/v0/${100_000 + index}/init.mp4`,
    (index) => `${entry}/hds/${tag}/v0Seg1-Frag${100_000 + index}`,
    (index) => `${entry}/hds/x${index.toString(36)}.f4m`,
    (index) => `${entry}/mss/${tag}/QualityLevels(3000000)/Fragments(video=${index * 10 + 1})`,
    (index) => `${entry}/mss/${tag}/QualityLevels(${100_000 + index})/Fragments(video=0)`,
    (index) => `${entry}/dash/manifest.mpd?start=${epochMs + 1_000_000 + index}`,
    (index) => `${entry}/mss/Manifest?start=${index}x`,
  ];

  it('for 100,000 things that are not there leaves nothing behind', { timeout: 60_000 }, async () => {
    let read = 0;
    const stormed = deliver(timeline, () => Promise.resolve((read++, [])));
    const send = async (index: number) => (await stormed(absent[index % absent.length]!(index))).status;
    expect(await growth(100_000, send, [400, 404])).toBeLessThan(2_000_000);
    // What was playing before, too, may have to be read first.
    expect(read).toBe(0);
  });

  it('for ever other parts of a timeline leaves no more than a few of them', { timeout: 60_000 }, async () => {
    const long = deliver(broadcast(1000));
    const paths = ['hls/v0.m3u8', 'dash/manifest.mpd', 'hds/manifest.f4m', 'mss/Manifest'];
    const send = async (index: number) => {
      const path = paths[index % paths.length]!;
      // No two have the same segments.
      const startMs = epochMs + 2000 * (1 + index);
      return (await long(`${entry}/${path}?start=${startMs}&end=${epochMs + 1_900_000}`)).status;
    };
    expect(await growth(600, send, [200])).toBeLessThan(5_000_000);
  });

  it('that wait holds up no more than a few of one address', { timeout: 60_000 }, async () => {
    const growing = new GrowingTimeline({ entryId, windowSeconds: 3600 });
    growing.addSegments(3);
    growing.open();
    growing.grow([0]);
    const waiting = deliver(growing.timeline);
    const answers = Array.from({ length: 20_000 }, () => waiting(`${entry}/hls/v0.m3u8?_HLS_msn=3&_HLS_part=1`));
    await vi.waitUntil(() => growing.timeline.listeners > 0);
    expect(growing.timeline.listeners).toBe(2500);
    growing.grow([1]);
    const codes = (await Promise.all(answers)).map(({ status }) => status);
    expect([200, 503].map((code) => codes.filter((status) => status === code).length)).toEqual([2500, 17_500]);
    expect((await waiting(`${entry}/hls/v0.m3u8`)).status).toBe(200);
  });
});
