import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import type { Packager } from '../packager.ts';
import { madeMedia, madeTracks } from './madeTracks.fixture.ts';
import { createMssPackager } from './packager.ts';
import { readSmoothFragment, readSmoothManifest, smoothText, type ReadStream } from './readSmooth.fixture.ts';

const { v0, v1, v2, a0 } = madeTracks;
const ladders = [[v0, v1, v2, a0], [v0, a0], [v0, v1, a0], [{ ...v0, bitrateBps: 2_000_000 }, a0], [a0]];

const event = fc.record({
  period: fc.option(fc.constantFrom(...ladders), { freq: 8 }),
  gapMs: fc.constantFrom(0, 1, 40, 5000),
  durationMs: fc.constantFrom(2000, 2000, 1960, 2002, 480),
  missing: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constantFrom(['a0'], ['v1'], ['v0'], ['v0', 'v1', 'v2'], ['v0', 'v1', 'v2', 'a0']) },
  ),
  jitterTicks: fc.constantFrom(0, 0, 1, 90),
});

function play(events: readonly (typeof event extends fc.Arbitrary<infer E> ? E : never)[]): MemoryTimeline {
  const timeline = new MemoryTimeline({ windowSeconds: 20, graceSegments: 3 });
  let tracks = ladders[0]!;
  let positionMs = 0;
  timeline.startPeriod(0, tracks);
  for (const { period, gapMs, durationMs, missing, jitterTicks } of events) {
    if (period) {
      tracks = period;
      positionMs += gapMs;
      timeline.startPeriod(positionMs, tracks);
    }
    const present = tracks.filter(({ id }) => !(missing as readonly string[]).includes(id));
    const media = present.map(({ id, timescale }) => {
      const jitter = id === 'v1' || id === 'a0' ? jitterTicks : 0;
      const start = Math.round((positionMs * timescale) / 1000) + jitter;
      return [id, madeMedia(start, Math.round((durationMs * timescale) / 1000) - jitter)] as const;
    });
    timeline.add({ startMs: positionMs, durationMs, tracks: Object.fromEntries(media) });
    positionMs += durationMs;
  }
  return timeline;
}

async function fragmentAt(packager: Packager, timeline: MemoryTimeline, path: string): Promise<Buffer | string> {
  expect(packager.route(path)).toBe('media');
  const media = await packager.media(timeline, path);
  if ('following' in media) throw new Error('made media is whole');
  return isRefusal(media) ? media.refused : await media.bytes.buffer();
}

async function streamsOf(packager: Packager, timeline: MemoryTimeline): Promise<readonly ReadStream[]> {
  const media = timeline.segments.some(({ tracks }) => Object.keys(tracks).length > 0);
  return media ? readSmoothManifest(await smoothText(packager, timeline)).streams : [];
}

describe('of any broadcast', () => {
  it('every chunk in every quality is there at the time listed, names the next one, and nothing else is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 25 }), async (events) => {
        const timeline = play(events);
        timeline.end();
        const packager = createMssPackager();
        for (const { attributes, chunks, paths } of await streamsOf(packager, timeline)) {
          expect(Number(attributes['Chunks'])).toBe(chunks.length);
          for (const [index, path] of paths.entries()) {
            const at = index % chunks.length;
            const bytes = await fragmentAt(packager, timeline, path);
            if (typeof bytes === 'string') throw new Error(`${path}: ${bytes}`);
            const { time, next, samples } = readSmoothFragment(bytes);
            expect(time.start).toBe(chunks[at]!.t);
            expect(time.duration).toBe(samples.reduce((sum, { duration }) => sum + duration, 0));
            expect(next.map(({ start }) => start)).toEqual(chunks.slice(at + 1, at + 2).map(({ t }) => t));
            const info = await fragmentAt(packager, timeline, path.replace('/Fragments(', '/FragmentInfo('));
            expect(Buffer.compare(info as Buffer, bytes.subarray(0, info.length))).toBe(0);
          }
          const listed = new Set(chunks.map(({ t }) => t));
          for (const { t, d } of chunks) {
            for (const other of [t + 1, t - 1, t + Math.floor(d / 2)].filter(
              (time) => time >= 0 && !listed.has(time),
            )) {
              const path = paths[0]!.replace(/=\d+\)$/, `=${other})`);
              expect(await fragmentAt(packager, timeline, path)).toBe('segmentNotFound');
            }
          }
          const unknown = paths[0]!.replace(/\(\d+\)/, '(1234567)');
          expect(await fragmentAt(packager, timeline, unknown)).toBe('trackNotFound');
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a manifest extended step by step is the same bytes as one built anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 6, maxLength: 30 }), fc.nat(5), async (events, step) => {
        const timeline = new MemoryTimeline({ windowSeconds: 20 });
        const packager = createMssPackager();
        const ask = (asked: Packager) => asked.manifest(timeline, { path: 'Manifest', query: '', nowMs: 0 });
        timeline.startPeriod(0, ladders[0]!);
        let positionMs = 0;
        let tracks = ladders[0]!;
        for (const [index, { period, gapMs, durationMs }] of events.entries()) {
          if (period) timeline.startPeriod((positionMs += gapMs), (tracks = period));
          const media = tracks.map(({ id, timescale }) => [
            id,
            madeMedia(Math.round((positionMs * timescale) / 1000), Math.round((durationMs * timescale) / 1000)),
          ]);
          timeline.add({
            startMs: positionMs,
            durationMs,
            tracks: Object.fromEntries(media) as Record<string, ReturnType<typeof madeMedia>>,
          });
          positionMs += durationMs;
          if (index % (step + 1) === 0) await ask(packager);
        }
        timeline.end();
        expect(await ask(packager)).toEqual(await ask(createMssPackager()));
      }),
      { numRuns: 60 },
    );
  });
});
