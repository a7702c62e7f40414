import { describe, expect, it } from 'vitest';
import { ArrivalMeter } from './arrivalMeter.ts';

interface Frame {
  kind: 'video' | 'audio';
  timestampMs: number;
  atMs: number;
}

/** Pictures every 40 ms and sound every 20 ms, the way to the server always 100 ms long; `change` makes them differ. */
function frames(seconds: number, change: (frame: Frame) => void = () => undefined): Frame[] {
  const made: Frame[] = [];
  for (let timestampMs = 0; timestampMs < seconds * 1000; timestampMs += 20) {
    made.push({ kind: 'audio', timestampMs, atMs: timestampMs + 100 });
    if (timestampMs % 40 === 0) made.push({ kind: 'video', timestampMs, atMs: timestampMs + 100 });
  }
  for (const frame of made) change(frame);
  return made;
}

function measure(arriving: readonly Frame[]) {
  const meter = new ArrivalMeter();
  for (const { kind, timestampMs, atMs } of arriving.toSorted((a, b) => a.atMs - b.atMs))
    meter.arrived(kind, timestampMs, atMs);
  return meter.figures;
}

describe('what arrivals say', () => {
  it('is nothing before anything arrived', () => {
    expect(new ArrivalMeter().figures).toEqual({});
  });

  it('is that all is well when media come as they were made', () => {
    const figures = measure(frames(10));
    expect(figures.jitterMs).toBe(0);
    expect(figures.lagMs).toBeCloseTo(0);
    expect(Math.abs(figures.avOffsetMs ?? NaN)).toBeLessThan(25);
    expect(figures.frameIntervalVariation).toBe(0);
  });

  it('is the jitter of RFC 3550 when the way takes 30 ms longer every other time', () => {
    const figures = measure(frames(20, (frame) => void (frame.atMs += frame.timestampMs % 80 === 0 ? 30 : 0)));
    expect(figures.jitterMs).toBeCloseTo(30, 0);
  });

  it('is how far the sound is behind the picture that arrives with it', () => {
    const { avOffsetMs } = measure(frames(20, (frame) => void (frame.timestampMs -= frame.kind === 'audio' ? 500 : 0)));
    expect(avOffsetMs).toBeGreaterThan(475);
    expect(avOffsetMs).toBeLessThan(525);
  });

  it('has no offset once one of the two has fallen silent', () => {
    const figures = measure(frames(20).filter(({ kind, timestampMs }) => kind === 'video' || timestampMs < 10_000));
    expect(figures).not.toHaveProperty('avOffsetMs');
  });

  it('is a lag that grows where the uplink carries nine tenths of what is made', () => {
    const lagAfter = (seconds: number) => measure(frames(seconds, (frame) => void (frame.atMs /= 0.9))).lagMs ?? NaN;
    expect(lagAfter(10)).toBeGreaterThan(900);
    expect(lagAfter(20)).toBeGreaterThan(lagAfter(10) + 900);
  });

  it('takes a clock that is slow by 200 ppm for no lag', () => {
    expect(measure(frames(3600, (frame) => void (frame.atMs *= 1.0002))).lagMs).toBeLessThan(5);
  });

  it('is a share of the time between pictures when that varies', () => {
    const uneven = (shiftMs: number) =>
      measure(
        frames(20, (frame) => {
          if (frame.kind === 'video' && frame.timestampMs % 80 === 0) frame.timestampMs += shiftMs;
        }),
      ).frameIntervalVariation;
    expect(uneven(0)).toBe(0);
    // 50 and 30 ms in turn.
    expect(uneven(-10)).toBeCloseTo(0.25, 1);
  });

  it('begins anew where the time line goes on elsewhere, but keeps what does not compare times', () => {
    const meter = new ArrivalMeter();
    for (const { kind, timestampMs, atMs } of frames(5)) meter.arrived(kind, timestampMs, atMs);
    meter.restart();
    meter.arrived('video', 3_600_000, 5200);
    meter.arrived('audio', 3_600_000, 5200);
    expect(meter.figures).toMatchObject({ lagMs: 0, avOffsetMs: 0, jitterMs: 0, frameIntervalVariation: 0 });
  });
});
