import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Track } from '../media/track.ts';
import { timelineTag } from './cmaf/mediaPath.ts';
import { createDashPackager } from './dash/packager.ts';
import { createHdsPackager } from './hds/packager.ts';
import { createHlsPackager } from './hls/packager.ts';
import { MemoryTimeline, type TrackMedia } from './memoryTimeline.fixture.ts';
import { readMediaPlaylist, readMpd, textOf } from './readBack.fixture.ts';
import { TimelinePart } from './timelinePart.ts';
import { a0, v0, v1, v2 } from './tracks.fixture.ts';

/** What happens to a broadcast, one after the other. */
type Event =
  | { readonly type: 'period'; readonly tracks: readonly Track[]; readonly gapMs: number }
  | {
      readonly type: 'segment';
      readonly durationMs: number;
      readonly missing: readonly string[];
      readonly audioJitterTicks: number;
      readonly videoJitterTicks: number;
    }
  | { readonly type: 'look' };

const ladders = [[v0, v1, v2, a0], [v0, a0], [v0, v1, a0], [a0], [v0]];
const period = fc.record({
  type: fc.constant('period' as const),
  tracks: fc.constantFrom(...ladders),
  gapMs: fc.constantFrom(0, 1, 40, 5000),
});
const segment = fc.record({
  type: fc.constant('segment' as const),
  durationMs: fc.constantFrom(2000, 2000, 2000, 1960, 2002, 480, 2400, 2490),
  missing: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constantFrom(['a0'], ['v1'], ['v0', 'v1', 'v2']) },
  ),
  audioJitterTicks: fc.constantFrom(0, 0, 300, 1024),
  videoJitterTicks: fc.constantFrom(0, 0, 0, 90),
});
const look = fc.record({ type: fc.constant('look' as const) });
const history = fc.array(
  fc.oneof({ weight: 1, arbitrary: period }, { weight: 12, arbitrary: segment }, { weight: 4, arbitrary: look }),
  { minLength: 5, maxLength: 80 },
);

/**
 * Plays a history into a timeline; `onLook` runs wherever somebody would ask for manifests, and at the end. `grows`: a
 * segment is being written then, with a part of each track.
 */
function play(
  events: readonly Event[],
  windowSeconds: number,
  onLook: (timeline: MemoryTimeline) => void,
  { grows = false } = {},
): void {
  const timeline = new MemoryTimeline({ windowSeconds, firstSequence: 7 });
  let tracks: readonly Track[] = ladders[0]!;
  let positionMs = 0;
  let audioTicks = 0;
  timeline.startPeriod(0, tracks);
  const add = (event: Event & { type: 'segment' }) => {
    const endMs = positionMs + event.durationMs;
    const media: Record<string, TrackMedia> = {};
    const audioEnd = Math.round(endMs * 48) + event.audioJitterTicks;
    for (const { id } of tracks) {
      const jitter = id === 'v1' ? event.videoJitterTicks : 0;
      if (event.missing.includes(id)) continue;
      media[id] =
        id === 'a0'
          ? { startTicks: audioTicks, durationTicks: audioEnd - audioTicks }
          : { startTicks: positionMs * 90 + jitter, durationTicks: event.durationMs * 90 - jitter };
    }
    audioTicks = audioEnd;
    timeline.add({ startMs: positionMs, durationMs: event.durationMs, tracks: media });
    positionMs = endMs;
  };
  const plain = { type: 'segment', durationMs: 2000, missing: [], audioJitterTicks: 0, videoJitterTicks: 0 } as const;
  add(plain);
  const grow = () => {
    if (!grows || timeline.growing.length > 0) return;
    timeline.open(positionMs);
    for (const { id, timescale } of tracks) {
      const startTicks = id === 'a0' ? audioTicks : (positionMs * timescale) / 1000;
      timeline.grow(id, { startTicks, durationTicks: timescale / 3, independent: true });
    }
  };
  for (const event of events) {
    if (event.type === 'look') {
      grow();
      onLook(timeline);
    }
    if (event.type === 'segment') add(event);
    if (event.type === 'period') {
      if (timeline.growing.length > 0) add(plain);
      positionMs += event.gapMs;
      audioTicks = positionMs * 48;
      ({ tracks } = event);
      timeline.startPeriod(positionMs, tracks);
    }
  }
  onLook(timeline);
  timeline.end();
  onLook(timeline);
}

const windows = fc.constantFrom(0, 6, 20);

function listedTracks(timeline: MemoryTimeline): Set<string> {
  return new Set(timeline.periods.flatMap(({ tracks }) => tracks.map(({ id }) => id)));
}

function ticksOf(timeline: MemoryTimeline, id: string): number {
  const track = timeline.periods.flatMap(({ tracks }) => tracks).find((candidate) => candidate.id === id);
  return track!.timescale;
}

describe('manifests of any broadcast', () => {
  it('extended step by step are the same bytes as built anew', () => {
    fc.assert(
      fc.property(history, windows, (events, windowSeconds) => {
        const [hls, dash, hds] = [createHlsPackager(), createDashPackager(), createHdsPackager()];
        play(events, windowSeconds, (timeline) => {
          for (const id of listedTracks(timeline)) {
            const anew = textOf(createHlsPackager(), timeline, `${id}.m3u8`);
            expect(textOf(hls, timeline, `${id}.m3u8`)).toBe(anew);
          }
          expect(textOf(dash, timeline, 'manifest.mpd')).toBe(textOf(createDashPackager(), timeline, 'manifest.mpd'));
          for (const path of ['manifest.f4m', `${timelineTag(timeline)}/bootstrap.abst`]) {
            expect(textOf(hds, timeline, path)).toBe(textOf(createHdsPackager(), timeline, path));
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it('of a part of it, extended step by step, are the same bytes as built anew', () => {
    const second = fc.option(fc.nat(100), { nil: undefined });
    fc.assert(
      fc.property(history, windows, second, second, (events, windowSeconds, from, to) => {
        const [hls, dash, hds] = [createHlsPackager(), createDashPackager(), createHdsPackager()];
        let followed: TimelinePart | undefined;
        play(events, windowSeconds, (timeline) => {
          const at = (seconds: number | undefined) => seconds && timeline.epochMs + seconds * 1000;
          const part = () => new TimelinePart(timeline, { startMs: at(from), endMs: at(to) }, () => 0);
          followed ??= part();
          if (followed.segments.length === 0) return;
          const id = followed.periods.at(-1)!.tracks[0]!.id;
          // One that has ended keeps the target duration it had, though the broadcast's may have risen since.
          const { ended } = followed;
          const alike = (text: string) =>
            ended ? text.replaceAll(/TARGETDURATION:\d+|(?:minBufferTime|maxSegmentDuration)="[^"]+"/g, '') : text;
          const same = (own: string, anew: string) => expect(alike(own)).toBe(alike(anew));
          same(textOf(hls, followed, `${id}.m3u8`), textOf(createHlsPackager(), part(), `${id}.m3u8`));
          same(textOf(dash, followed, 'manifest.mpd'), textOf(createDashPackager(), part(), 'manifest.mpd'));
          const bootstrap = `${timelineTag(timeline)}/bootstrap.abst`;
          expect(textOf(hds, followed, bootstrap)).toBe(textOf(createHdsPackager(), part(), bootstrap));
        });
      }),
      { numRuns: 100 },
    );
  });

  it('as HLS list exactly the segments of the window, with numbers that never go back', () => {
    fc.assert(
      fc.property(history, windows, (events, windowSeconds) => {
        const hls = createHlsPackager();
        const last = new Map<string, { sequence: number; discontinuity: number; target: number }>();
        play(events, windowSeconds, (timeline) => {
          for (const id of listedTracks(timeline)) {
            const playlist = readMediaPlaylist(hls, timeline, `${id}.m3u8`);
            expect(playlist.segments.map((listed) => listed.mediaSequenceNumber)).toEqual(
              timeline.segments.map(({ sequence }) => sequence),
            );
            expect(playlist.endlist).toBe(timeline.ended);
            timeline.segments.forEach((stored, index) => {
              const listed = playlist.segments[index]!;
              const [, trackId = '', sequence] = /^[\w-]{8}\/(\w+)\/(\d+)\.m4s$/.exec(listed.uri) ?? [];
              const own = stored.tracks[trackId];
              expect(Number(sequence)).toBe(stored.sequence);
              expect(Boolean(listed.gap)).toBe(own === undefined);
              if (stored.tracks[id]) expect(trackId).toBe(id);
              const seconds = own ? own.durationTicks / ticksOf(timeline, trackId) : stored.durationMs / 1000;
              expect(listed.duration).toBeCloseTo(seconds, 5);
              expect(Math.round(listed.duration)).toBeLessThanOrEqual(playlist.targetDuration);
              const entered = index > 0 && timeline.segments[index - 1]!.period !== stored.period;
              expect(Boolean(listed.discontinuity)).toBe(entered);
              if (own) expect(listed.map.uri).toMatch(new RegExp(`/${trackId}/${stored.period}/init\\.mp4$`));
              if (own && (index === 0 || entered)) {
                const atMs = timeline.epochMs + (own.startTicks / ticksOf(timeline, trackId)) * 1000;
                expect(Math.abs(listed.programDateTime!.getTime() - atMs)).toBeLessThan(1);
              }
            });
            const now = {
              sequence: playlist.mediaSequenceBase ?? 0,
              discontinuity: playlist.discontinuitySequenceBase ?? 0,
              target: playlist.targetDuration,
            };
            const before = last.get(id) ?? now;
            expect(now.sequence).toBeGreaterThanOrEqual(before.sequence);
            expect(now.discontinuity).toBeGreaterThanOrEqual(before.discontinuity);
            expect(now.target).toBeGreaterThanOrEqual(before.target);
            last.set(id, now);
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  it('as HLS all say the same of how they are to be played, and announce no segment shorter than it is', () => {
    fc.assert(
      fc.property(history, windows, (events, windowSeconds) => {
        const hls = createHlsPackager();
        const look = (timeline: MemoryTimeline) => {
          const names = [...listedTracks(timeline)].flatMap((id) => (id === 'a0' ? [id] : [id, `${id}-iframes`]));
          const texts = names.map((name) => textOf(hls, timeline, `${name}.m3u8`));
          const linesOf = (tag: string) =>
            new Set(texts.flatMap((text) => text.match(new RegExp(`${tag}:.*`)) ?? ['']));
          expect(linesOf('TARGETDURATION').size).toBe(1);
          expect(linesOf('SERVER-CONTROL').size).toBe(1);
          const [target] = Array.from(linesOf('TARGETDURATION'), (line) => Number(line.split(':')[1]));
          for (const [, seconds] of texts.join('').matchAll(/EXTINF:([\d.]+)/g))
            expect(Math.round(Number(seconds))).toBeLessThanOrEqual(target!);
        };
        play(events, windowSeconds, look, { grows: true });
      }),
      { numRuns: 100 },
    );
  });

  it('as HLS announce from the first segment on what key frames at even distances ask for', () => {
    for (const gopMs of [500, 1960, 2000, 2490, 2500, 3400, 4000]) {
      const [hls, timeline] = [createHlsPackager(), new MemoryTimeline({})];
      timeline.startPeriod(0, [v0, a0]);
      const targets = new Set<string | undefined>();
      for (let index = 0; index < 40; index++) {
        const startMs = index * gopMs;
        // Whole frames of sound, one more or one less each time.
        const [from, to] = [startMs, startMs + gopMs].map((ms) => Math.ceil((ms * 48) / 1024) * 1024);
        const audio = { startTicks: from!, durationTicks: to! - from! };
        const video = { startTicks: startMs * 90, durationTicks: gopMs * 90 };
        timeline.add({ startMs, durationMs: gopMs, tracks: { v0: video, a0: audio } });
        for (const id of ['v0', 'a0', 'v0-iframes'])
          targets.add(/TARGETDURATION:.*/.exec(textOf(hls, timeline, `${id}.m3u8`))?.[0]);
      }
      expect([gopMs, targets.size]).toEqual([gopMs, 1]);
    }
  });

  it('as DASH list exactly what each track has in the window, at the time it has it', () => {
    fc.assert(
      fc.property(history, windows, (events, windowSeconds) => {
        const dash = createDashPackager();
        play(events, windowSeconds, (timeline) => {
          const mpd = readMpd(dash, timeline);
          const originMs = timeline.ended ? timeline.segments[0]!.startMs : 0;
          for (const id of listedTracks(timeline)) {
            const timescale = ticksOf(timeline, id);
            const stored = timeline.segments.flatMap(({ period: index, tracks }) =>
              tracks[id] ? [{ index, ...tracks[id] }] : [],
            );
            const listed = mpd.get(id) ?? [];
            expect(listed.map(({ uri }) => uri.slice(9))).toEqual(
              stored.map(({ index, startTicks }) => `${id}/${index}/${startTicks}.m4s`),
            );
            listed.forEach(({ duration, presentationTime }, index) => {
              const { startTicks, durationTicks } = stored[index]!;
              expect(presentationTime).toBeCloseTo(startTicks / timescale - originMs / 1000, 3);
              expect(duration).toBeCloseTo(durationTicks / timescale, 5);
            });
          }
        });
      }),
      { numRuns: 100 },
    );
  });
});
