import { describe, expect, it } from 'vitest';
import { trackTimes } from '../transcode/transcode.fixture.ts';
import { broadcast, countSilences, lengthMs, type Tag } from './encodedBroadcast.fixture.ts';

const jumpAtMs = 6000;

const hasJumped = ({ timeMs }: Tag) => timeMs >= jumpAtMs;
const bothBy =
  (jump: number, kinds = ['video', 'audio']) =>
  (tag: Tag) =>
    20_000 + tag.timeMs + (hasJumped(tag) && kinds.includes(tag.kind) ? jump : 0);

describe('an encoder whose timestamps jump', () => {
  it.each([
    ['in the pictures alone, an hour ahead', bothBy(3_600_000, ['video'])],
    ['in the sound alone, an hour ahead', bothBy(3_600_000, ['audio'])],
    ['in the pictures alone, back by five seconds', bothBy(-5000, ['video'])],
    ['back by five seconds', bothBy(-5000)],
    ['ahead by nine seconds', bothBy(9000)],
    ['back by fifteen seconds', bothBy(-15_000)],
  ])('%s, goes on in a new period at its place, with its sound', async (_, sentAs) => {
    const writer = await broadcast(sentAs);
    expect(writer.periods).toHaveLength(2);
    const [, second] = writer.periods;
    expect(Math.abs(second!.startMs - jumpAtMs)).toBeLessThan(100);
    expect(Math.max(...writer.segments.map(({ startMs }) => startMs))).toBeLessThan(lengthMs);
    for (const { id } of second!.tracks) {
      const times = trackTimes(writer, 1, id);
      expect(times[0]!.start).toBeCloseTo(jumpAtMs / 1000, 0);
      expect(times.at(-1)!.end).toBeGreaterThan(lengthMs / 1000 - 0.3);
      expect(times.at(-1)!.end).toBeLessThan(lengthMs / 1000 + 0.5);
      for (const { start, end } of times) expect(end - start).toBeLessThanOrEqual(0.5);
    }
    expect(countSilences(writer, 1)).toBe(0);
  });
});
