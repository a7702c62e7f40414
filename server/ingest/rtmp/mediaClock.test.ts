import { describe, expect, it } from 'vitest';
import { MediaClock } from './mediaClock.ts';

describe('MediaClock', () => {
  for (const [name, wrap] of [['2^24', 2 ** 24], ['2^31', 2 ** 31], ['2^32', 2 ** 32]] as const /* prettier-ignore */) {
    it(`goes on growing across ${name} ms`, () => {
      const clock = new MediaClock();
      const times = Array.from({ length: 10 }, (_, index) => wrap - 100 + index * 40);
      for (const time of times) {
        expect(clock.read('video', time % 2 ** 32, time)).toEqual({ timestampMs: time, jumped: false });
        expect(clock.read('audio', (time - 15) % 2 ** 32, time)).toEqual({ timestampMs: time - 15, jumped: false });
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
        expect(clock.read('video', time % wrap, time)).toEqual({ timestampMs: time, jumped: false });
        expect(clock.read('audio', (time - 15) % wrap, time)).toEqual({ timestampMs: time - 15, jumped: false });
      }
    });
  }

  it('grows beyond 2^33', () => {
    const clock = new MediaClock();
    let last = clock.read('audio', 0, 0);
    for (let time = 0; time < 2 ** 33 + 2 ** 32; time += 2 ** 13) last = clock.read('audio', time % 2 ** 32, time);
    expect(last).toEqual({ timestampMs: 2 ** 33 + 2 ** 32 - 2 ** 13, jumped: false });
  });

  it.each([-3_600_000, -15_000, -5000, -1500, 2500, 9000, 15_000, 3_600_000])(
    'tells a jump by %d ms once for both kinds, and keeps them together',
    (jump) => {
      const clock = new MediaClock();
      clock.read('video', 7_200_000, 0);
      clock.read('audio', 7_200_010, 10);
      clock.read('video', 7_200_040, 40);
      clock.read('audio', 7_200_033, 45);
      const behind = 7_200_000 + jump;
      expect(clock.read('video', behind + 80, 80)).toEqual({ timestampMs: behind + 80, jumped: true });
      const straggler = clock.read('audio', 7_200_056, 90); // of the old time base
      expect(straggler.jumped).toBe(false);
      expect(Math.abs(straggler.timestampMs - behind - 56)).toBeLessThan(50);
      expect(clock.read('audio', behind + 79, 95)).toEqual({ timestampMs: behind + 79, jumped: false });
      expect(clock.read('video', behind + 120, 120)).toEqual({ timestampMs: behind + 120, jumped: false });
      expect(clock.read('audio', behind + 102, 121)).toEqual({ timestampMs: behind + 102, jumped: false });
    },
  );

  describe.each(['video', 'audio'] as const)('where only the %s jumps', (kind) => {
    const other = kind === 'video' ? 'audio' : 'video';

    /** Half a minute of both, 40 ms each, `kind` elsewhere from the eighth second on. */
    function play(jump: number, backAt = Infinity) {
      const clock = new MediaClock();
      const jumps: unknown[] = [];
      let apartMs = 0;
      for (let time = 60_000; time < 90_000; time += 40) {
        const isElsewhere = time >= 68_000 && time < backAt;
        const moved = clock.read(kind, (time + (isElsewhere ? jump : 0) + 2 ** 32) % 2 ** 32, time);
        const stayed = clock.read(other, time, time);
        if (moved.jumped) jumps.push([kind, time]);
        if (stayed.jumped) jumps.push([other, time]);
        apartMs = Math.max(apartMs, Math.abs(moved.timestampMs - stayed.timestampMs));
      }
      return { jumps, apartMs };
    }

    it.each([3_600_000, 9000, -5000, -65_000])('by %d ms, keeps the other beside it, by its arrival', (jump) => {
      expect(play(jump)).toEqual({ jumps: [[kind, 68_000]], apartMs: 0 });
    });

    it('and returns, has both together again', () => {
      const jumps = [[kind, 68_000], [kind, 80_000]] as const; // prettier-ignore
      expect(play(3_600_000, 80_000)).toEqual({ jumps, apartMs: 0 });
    });
  });

  it('takes small steps back for what they are', () => {
    const clock = new MediaClock();
    for (const time of [10_000, 10_080, 10_040, 10_120, 9200, 10_160])
      expect(clock.read('video', time, time)).toEqual({ timestampMs: time, jumped: false });
  });

  it('does not call a pause of the sender a jump, up to 10 s', () => {
    const clock = new MediaClock();
    clock.read('video', 0, 0);
    clock.read('audio', 10, 10);
    expect(clock.read('video', 9000, 9000).jumped).toBe(false);
    expect(clock.read('audio', 9010, 9010)).toEqual({ timestampMs: 9010, jumped: false });
    expect(clock.read('video', 21_000, 21_000)).toEqual({ timestampMs: 21_000, jumped: true });
    expect(clock.read('audio', 21_010, 21_005)).toEqual({ timestampMs: 21_010, jumped: false });
  });

  it('does not call it a jump when the network stood still and the encoder left out what it could not send', () => {
    const clock = new MediaClock();
    for (let time = 0; time < 5000; time += 40) clock.read('video', time, time);
    // Six seconds later two come that had waited, then what comes now.
    for (let time = 5000; time < 7000; time += 40) expect(clock.read('video', time, 11_000).jumped).toBe(false);
    expect(clock.read('video', 11_000, 11_001).jumped).toBe(false);
    expect(clock.read('video', 11_040, 11_040).jumped).toBe(false);
  });

  it('does not call it a jump when media come in bursts, or faster than real time', () => {
    for (const arrival of [(time: number) => Math.ceil(time / 4000) * 4000, (time: number) => time / 50]) {
      const clock = new MediaClock();
      for (let time = 0; time < 120_000; time += 20) {
        expect(clock.read('audio', time, arrival(time))).toEqual({ timestampMs: time, jumped: false });
        // Slides, one in five seconds.
        if (time % 5000 === 0) expect(clock.read('video', time, arrival(time)).jumped).toBe(false);
      }
    }
  });

  it('lets pictures pause while sound goes on', () => {
    const clock = new MediaClock();
    clock.read('video', 0, 0);
    for (let time = 0; time <= 30_000; time += 20) expect(clock.read('audio', time, time).jumped).toBe(false);
    expect(clock.read('video', 30_000, 30_000).jumped).toBe(false);
  });

  it('brings kinds together by their arrival that begin far apart', () => {
    const clock = new MediaClock();
    clock.read('video', 0, 0);
    clock.read('audio', 60_000, 10);
    for (let time = 40; time < 400; time += 40) {
      expect(clock.read('video', time, time)).toEqual({ timestampMs: time, jumped: false });
      expect(clock.read('audio', 60_000 + time, time + 10)).toEqual({ timestampMs: time + 10, jumped: false });
    }
  });

  it('places what comes beside the media, also across a wrap, and is not moved by it', () => {
    const clock = new MediaClock();
    expect(clock.place(5)).toBeUndefined();
    clock.read('video', 2 ** 32 - 40, 0);
    expect(clock.place(2 ** 32 - 100)).toBe(2 ** 32 - 100);
    expect(clock.place(20)).toBe(2 ** 32 + 20);
    expect(clock.read('video', 0, 40)).toEqual({ timestampMs: 2 ** 32, jumped: false });
  });
});
