import { describe, expect, it } from 'vitest';
import type { Fragment } from '../../media/timeline.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { textOf } from '../readBack.fixture.ts';
import { TimelinePart } from '../timelinePart.ts';
import { addSegments, segmentOf, v0 } from '../tracks.fixture.ts';
import { createHlsPackager } from './packager.ts';

function fragment(startTicks: number, offset: number, bytes: number, independent: boolean): Fragment {
  return { startTicks, durationTicks: 90_000, offset, bytes, independent };
}

function broadcast(): MemoryTimeline {
  const timeline = new MemoryTimeline({});
  timeline.startPeriod(0, [v0]);
  for (let index = 0; index < 3; index++) {
    const at = index * 180_000;
    // The key frame comes second: what precedes it does not count.
    const fragments = [fragment(at, 0, 500, false), fragment(at + 90_000, 500, 10_000 * (index + 1), true)];
    const track = { startTicks: at, durationTicks: 180_000, bytes: 500 + 10_000 * (index + 1), fragments };
    timeline.add({ startMs: index * 2000, durationMs: 2000, tracks: { v0: { ...track, independent: false } } });
  }
  timeline.end();
  return timeline;
}

describe('rates and places of key frames', () => {
  it('are those of the first fragment that begins with one', () => {
    const timeline = broadcast();
    expect(textOf(createHlsPackager(), timeline, 'master.m3u8')).toContain('I-FRAME-STREAM-INF:BANDWIDTH=120000,');
    expect(textOf(createHlsPackager(), timeline, 'v0-iframes.m3u8')).toContain(
      '#EXT-X-BYTERANGE:20000@500\n79Y1nGkw/v0/1.m4s\n',
    );
  });

  it('do not take the fragments of stored segments, which have to be unpacked', () => {
    const timeline = broadcast();
    let unpacked = 0;
    for (const { tracks } of timeline.segments) {
      for (const track of Object.values(tracks)) {
        const { fragments } = track;
        Object.defineProperty(track, 'fragments', { get: () => (unpacked++, fragments) });
      }
    }
    const packager = createHlsPackager();
    for (const path of ['master.m3u8', 'v0-iframes.m3u8']) textOf(packager, timeline, path);
    expect(unpacked).toBe(0);
  });

  it('are measured once for a timeline and all its parts', () => {
    const timeline = new MemoryTimeline({ epochMs: 0 });
    timeline.startPeriod(0, [v0]);
    addSegments(timeline, 10, 0, [v0]);
    const heavy = segmentOf(20_000, 2000, [v0]);
    timeline.add({ ...heavy, tracks: { v0: { ...heavy.tracks['v0']!, bytes: 1_000_000 } } });
    timeline.end();
    let walked = 0;
    for (const segment of timeline.segments) {
      const { tracks } = segment;
      Object.defineProperty(segment, 'tracks', { get: () => (walked++, tracks) });
    }
    const packager = createHlsPackager();
    const whole = textOf(packager, timeline, 'master.m3u8');
    expect(walked).toBe(11);
    for (let startMs = 1; startMs < 5; startMs++) {
      const part = new TimelinePart(timeline, { startMs: startMs * 2000, endMs: 16_000 }, () => 100_000);
      expect(textOf(packager, part, 'master.m3u8')).toBe(whole);
    }
    expect(walked).toBe(11);
  });
});
