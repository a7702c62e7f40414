import { describe, expect, it } from 'vitest';
import { PresentationClock } from './presentationClock.ts';

const clockRates = { audio: 48_000, video: 90_000 };

/**
 * A publisher with random RTP origins. Both tracks are captured from `captureMs` on; audio arrives 20 ms after its
 * capture and video 45 ms.
 */
class Publisher {
  readonly clock = new PresentationClock(clockRates);
  readonly #origin: Record<'audio' | 'video', number>;
  readonly #delayMs = { audio: 20, video: 45 };

  constructor(origin = { audio: 2 ** 32 - 48_000, video: 2 ** 32 - 90_000 * 2 }) {
    this.#origin = origin;
  }

  timestamp(kind: 'audio' | 'video', captureMs: number): number {
    return (this.#origin[kind] + Math.round((captureMs * clockRates[kind]) / 1000)) % 2 ** 32;
  }

  send(kind: 'audio' | 'video', captureMs: number, extraDelayMs = 0): number {
    return this.clock.place(kind, this.timestamp(kind, captureMs), captureMs + this.#delayMs[kind] + extraDelayMs);
  }

  report(captureMs: number): void {
    for (const kind of ['audio', 'video'] as const)
      this.clock.report(kind, this.timestamp(kind, captureMs), 1_700_000_000_000 + captureMs);
  }

  /** Both tracks for a while; returns how much too late the picture is placed, after each picture. */
  run(fromMs: number, toMs: number): number[] {
    const skews: number[] = [];
    for (let ms = fromMs; ms < toMs; ms += 20) {
      const audio = this.send('audio', ms);
      if (ms % 40 === 0) skews.push(this.send('video', ms) - audio);
    }
    return skews;
  }
}

describe('the common time line of sound and picture', () => {
  it('is right to within the difference of their delays before any sender report', () => {
    for (const skew of new Publisher().run(0, 1000)) expect(Math.abs(skew)).toBeLessThanOrEqual(26);
  });

  it('is exact after both have reported, while nobody reads', () => {
    const publisher = new Publisher();
    publisher.run(0, 400);
    publisher.report(400);
    for (const skew of publisher.run(400, 1000)) expect(Math.abs(skew)).toBeLessThanOrEqual(2);
  });

  it('is corrected so slowly that a reader notices nothing, and stays monotonic', () => {
    const publisher = new Publisher();
    publisher.run(0, 400);
    publisher.clock.hold();
    publisher.run(400, 2000);
    publisher.report(2000);
    const skews = publisher.run(2000, 4000);
    for (let index = 1; index < skews.length; index += 1)
      expect(Math.abs((skews[index] ?? 0) - (skews[index - 1] ?? 0))).toBeLessThanOrEqual(2.1);
    expect(Math.abs(skews.at(-1) ?? Infinity)).toBeLessThanOrEqual(2);
  });

  it('is not moved by a slow first key frame', () => {
    const publisher = new Publisher();
    publisher.send('audio', 0);
    publisher.send('video', 0, 300);
    expect(Math.max(...publisher.run(40, 400).map(Math.abs))).toBeLessThanOrEqual(26);
  });

  it('keeps the pace of the sound', () => {
    const publisher = new Publisher();
    publisher.run(0, 400);
    publisher.clock.hold();
    publisher.report(400);
    const from = publisher.send('audio', 500);
    publisher.run(520, 3000);
    expect(publisher.send('audio', 3000) - from).toBeCloseTo(2500, 6);
  });

  it('leaves a gap, never an overlap, when sound that stood still goes on', () => {
    const publisher = new Publisher();
    publisher.run(0, 1000);
    publisher.report(1000);
    publisher.clock.hold();
    publisher.run(1000, 2000);
    // The microphone slept for 3 s: its RTP clock did not move, that of the picture did.
    let previous = publisher.send('video', 2000);
    for (let ms = 2040; ms < 5000; ms += 40) {
      const placed = publisher.send('video', ms);
      expect(placed).toBeGreaterThan(previous);
      previous = placed;
    }
    const late = (kind: 'audio', ms: number) =>
      publisher.clock.place(kind, publisher.timestamp(kind, ms - 3000), ms + 20);
    const firstAfter = late('audio', 5000);
    publisher.clock.report('audio', publisher.timestamp('audio', 2000), 1_700_000_005_000);
    publisher.clock.report('video', publisher.timestamp('video', 5000), 1_700_000_005_000);
    const video = publisher.send('video', 5040);
    expect(video).toBeGreaterThan(previous);
    const audio = late('audio', 5040);
    expect(audio).toBeGreaterThan(firstAfter);
    expect(Math.abs(audio - video)).toBeLessThanOrEqual(26);
  });

  it('goes on where it was when a publisher’s timestamps jump', () => {
    const publisher = new Publisher();
    publisher.run(0, 1000);
    publisher.clock.hold();
    const before = publisher.send('video', 1000);
    const jumped = (captureMs: number) =>
      publisher.clock.place('video', publisher.timestamp('video', captureMs + 9_000_000), captureMs + 45);
    expect(jumped(1040) - before).toBeGreaterThan(0);
    expect(jumped(1080) - before).toBeLessThan(200);
  });

  it('passes the wraps of both RTP clocks unnoticed', () => {
    const publisher = new Publisher({ audio: 2 ** 32 - 24_000, video: 2 ** 32 - 90_000 });
    publisher.report(0);
    let previous = publisher.send('video', 0);
    for (let ms = 40; ms < 3000; ms += 40) {
      const placed = publisher.send('video', ms);
      expect(placed - previous).toBeCloseTo(40, 3);
      previous = placed;
    }
  });
});
