import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tailToKeep, untilSeen } from './broadcastEnd.ts';

function seekableTo(end: number) {
  return { length: 1, start: () => 0, end: () => end };
}

describe('when a broadcast has ended', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('who watched live begins at the start, who had gone back stays there', () => {
    expect(tailToKeep({ currentTime: 95, seekable: seekableTo(100) })).toBeUndefined();
    expect(tailToKeep({ currentTime: 40, seekable: seekableTo(100) })).toBe(60);
    expect(tailToKeep({ currentTime: 0, seekable: { ...seekableTo(0), length: 0 } })).toBeUndefined();
  });

  async function secondsWaited(video: { currentTime: number; paused?: boolean }, endsAt: number, isOver = () => false) {
    const startedAtMs = performance.now();
    const moving = setInterval(() => (video.currentTime = Math.min(video.currentTime + 0.1, endsAt)), 100);
    const seen = untilSeen(video as HTMLVideoElement, isOver);
    let waitedMs = Number.NaN;
    void seen.then(() => (waitedMs = performance.now() - startedAtMs));
    await vi.advanceTimersByTimeAsync(30_000);
    clearInterval(moving);
    return waitedMs / 1000;
  }

  it('what is left is seen first, for a few seconds', async () => {
    expect(await secondsWaited({ currentTime: 10 }, 13)).toBeCloseTo(3.8, 0);
    expect(await secondsWaited({ currentTime: 10 }, Infinity)).toBeCloseTo(10, 0);
  });

  it('nobody who has paused, or gone, is waited for', async () => {
    expect(await secondsWaited({ currentTime: 10, paused: true }, 10)).toBeLessThan(0.2);
    expect(await secondsWaited({ currentTime: 10 }, 20, () => true)).toBeLessThan(0.2);
  });
});
