import { describe, expect, it } from 'vitest';
import { MemoryTimeline } from '../../packaging/memoryTimeline.fixture.ts';
import { a0, segmentOf, v0, v1 } from '../../packaging/tracks.fixture.ts';
import { describeMedia, untilStored } from './mediaSpan.ts';
import { timedSegment, timedTrack } from './timedPicture.fixture.ts';

function gapped(): MemoryTimeline {
  const timeline = new MemoryTimeline({ epochMs: 1_000_000 });
  timeline.startPeriod(4000, [v0, a0]);
  timeline.add(segmentOf(4000, 2000, [v0, a0]));
  timeline.add(segmentOf(6000, 2000, [v0, a0]));
  timeline.startPeriod(20_000, [v0, a0]);
  timeline.add(segmentOf(20_000, 2000, [v0, a0]));
  return timeline;
}

describe('what can be cut', () => {
  it('is counted from the beginning of the broadcast while that is on, then from the first frame', async () => {
    const timeline = gapped();
    expect(await describeMedia(timeline)).toEqual({
      startMs: 4000,
      endMs: 22_000,
      live: true,
      epochMs: 1_000_000,
      parts: [{ startMs: 4000, epochMs: 1_000_000 }],
      hasPicture: true,
      frameRate: 30,
      gaps: [{ startMs: 8000, endMs: 20_000 }],
      hasSource: true,
    });
    timeline.end();
    expect(await describeMedia(timeline)).toMatchObject({
      startMs: 0,
      endMs: 18_000,
      live: false,
      epochMs: 1_004_000,
      parts: [{ startMs: 0, epochMs: 1_004_000 }],
      gaps: [{ startMs: 4000, endMs: 16_000 }],
    });
  });

  it('is nothing without media, and without the source', async () => {
    expect(await describeMedia(new MemoryTimeline({}))).toBeUndefined();
    const lean = new MemoryTimeline({});
    lean.startPeriod(0, [v1, a0]);
    lean.add(segmentOf(0, 2000, [v1, a0]));
    expect(await describeMedia(lean)).toMatchObject({ hasSource: false });
    const sound = new MemoryTimeline({});
    sound.startPeriod(0, [a0]);
    sound.add(segmentOf(0, 2000, [a0]));
    expect(await describeMedia(sound)).toMatchObject({ hasSource: true, hasPicture: false, frameRate: 0 });
  });

  it.each([
    ['evenly', 30, Array.from({ length: 60 }, () => 3000)],
    ['as NTSC has them', 30_000 / 1001, Array.from({ length: 60 }, () => 3003)],
    ['as a browser sends them', 30, Array.from({ length: 60 }, (_, index) => [2640, 3360, 2990, 3000][index % 4]!)],
    ['slowly', 7.5, Array.from({ length: 15 }, () => 12_000)],
  ])('has the frame rate that was measured where none is known: frames that come %s', async (_, frameRate, frames) => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [timedTrack]);
    timeline.add(timedSegment(0, [90_000, 90_000]));
    timeline.add(timedSegment(2000, frames));
    timeline.add(timedSegment(4000, frames));
    timeline.startPeriod(6000, [a0]);
    timeline.add(segmentOf(6000, 2000, [a0]));
    expect((await describeMedia(timeline))?.hasPicture).toBe(true);
    expect((await describeMedia(timeline))?.frameRate).toBeCloseTo(frameRate, 6);
  });

  it('has a picture, too, where no frame can be read', async () => {
    const timeline = new MemoryTimeline({});
    timeline.startPeriod(0, [timedTrack]);
    timeline.add(segmentOf(0, 2000, [a0]));
    expect(await describeMedia(timeline)).toMatchObject({ hasPicture: true, frameRate: 0 });
  });
});

describe('a live part whose end has been received', () => {
  const receiving = () => {
    const timeline = gapped();
    timeline.open(22_000);
    timeline.grow('v0', { startTicks: 22_000 * 90, durationTicks: 90_000, independent: true });
    return timeline;
  };

  it('is waited for until it is stored', async () => {
    const timeline = receiving();
    let stored = false;
    const waiting = untilStored(timeline, 22_500).then(() => (stored = true));
    await Promise.resolve();
    expect(stored).toBe(false);
    timeline.add(segmentOf(22_000, 2000, [v0, a0]));
    await waiting;
    expect(stored).toBe(true);
  });

  it('is not waited for where it is stored, or is still to come', async () => {
    const timeline = receiving();
    await expect(untilStored(timeline, 21_000)).resolves.toBeUndefined();
    await expect(untilStored(timeline, 23_500)).resolves.toBeUndefined();
    timeline.end();
    await expect(untilStored(timeline, 22_500)).resolves.toBeUndefined();
  });
});
