import { describe, expect, it } from 'vitest';
import { MediaClock } from './mediaClock.ts';

describe('MediaClock', () => {
  for (const [name, wrap] of [['2^24', 2 ** 24], ['2^31', 2 ** 31], ['2^32', 2 ** 32]] as const /* prettier-ignore */) {
    it(`goes on growing across ${name} ms`, () => {
      const clock = new MediaClock();
      const times = Array.from({ length: 10 }, (_, index) => wrap - 100 + index * 40);
      for (const time of times) {
        expect(clock.read('video', time % 2 ** 32)).toEqual({ timestampMs: time, jumped: false });
        expect(clock.read('audio', (time - 15) % 2 ** 32)).toEqual({ timestampMs: time - 15, jumped: false });
      }
    });
  }

  for (const [
    encoder,
    wrap,
  ] of [['ffmpeg', 2 ** 31], ['an encoder without extended timestamps', 2 ** 24]] as const /* prettier-ignore */) {
    it(`goes on growing where ${encoder} begins again at 0`, () => {
      const clock = new MediaClock();
      for (let time = wrap - 100; time < wrap + 300; time += 40) {
        expect(clock.read('video', time % wrap)).toEqual({ timestampMs: time, jumped: false });
        expect(clock.read('audio', (time - 15) % wrap)).toEqual({ timestampMs: time - 15, jumped: false });
      }
    });
  }

  it('grows beyond 2^33', () => {
    const clock = new MediaClock();
    let last = clock.read('audio', 0).timestampMs;
    for (let time = 0; time < 2 ** 33 + 2 ** 32; time += 2 ** 29)
      last = clock.read('audio', time % 2 ** 32).timestampMs;
    expect(last).toBe(2 ** 33 + 2 ** 32 - 2 ** 29);
  });

  it('tells a jump of more than 10 s either way, once for both kinds', () => {
    for (const jump of [-15_000, 15_000]) {
      const clock = new MediaClock();
      clock.read('video', 100_000);
      clock.read('audio', 100_010);
      expect(clock.read('video', 100_040 + jump).jumped).toBe(true);
      expect(clock.read('audio', 100_030).jumped).toBe(false); // a straggler of the old time base
      expect(clock.read('audio', 100_050 + jump).jumped).toBe(false);
      expect(clock.read('video', 100_080 + jump).jumped).toBe(false);
    }
  });

  it('does not call a gap a jump', () => {
    const clock = new MediaClock();
    clock.read('video', 0);
    expect(clock.read('video', 10_000).jumped).toBe(false);
    expect(clock.read('video', 20_001).jumped).toBe(true);
  });

  it('lets pictures pause while sound goes on', () => {
    const clock = new MediaClock();
    clock.read('video', 0);
    for (let time = 0; time <= 30_000; time += 20) expect(clock.read('audio', time).jumped).toBe(false);
    expect(clock.read('video', 30_000).jumped).toBe(false);
  });

  it('accepts kinds that are always far apart', () => {
    const clock = new MediaClock();
    clock.read('video', 0);
    clock.read('audio', 60_000);
    for (let time = 40; time < 400; time += 40) {
      expect(clock.read('video', time).jumped).toBe(false);
      expect(clock.read('audio', 60_000 + time).jumped).toBe(false);
    }
  });

  it('places what comes beside the media, also across a wrap, and is not moved by it', () => {
    const clock = new MediaClock();
    expect(clock.place(5)).toBeUndefined();
    clock.read('video', 2 ** 32 - 40);
    expect(clock.place(2 ** 32 - 100)).toBe(2 ** 32 - 100);
    expect(clock.place(20)).toBe(2 ** 32 + 20);
    expect(clock.read('video', 0)).toEqual({ timestampMs: 2 ** 32, jumped: false });
  });
});
