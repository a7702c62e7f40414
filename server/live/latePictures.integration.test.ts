import { describe, expect, it } from 'vitest';
import { trackTimes } from '../transcode/transcode.fixture.ts';
import { broadcast, countSilences, lengthMs, type Tag } from './encodedBroadcast.fixture.ts';

/** And no header. FLV E.4.3.1 */
const isPicture = ({ kind, body }: Tag) => kind === 'video' && body[1] === 1;

describe('an encoder that announces pictures', () => {
  it('is heard alone while they do not come, and seen from the first key frame on', async () => {
    const writer = await broadcast((tag) => (isPicture(tag) && tag.timeMs < 6000 ? undefined : tag.timeMs));
    expect(writer.periods.map(({ tracks }) => tracks.map(({ kind }) => kind))).toEqual([['audio'], ['video', 'audio']]);
    const audioIds = writer.periods.map(({ tracks }) => tracks.find(({ kind }) => kind === 'audio')!.id);
    expect(trackTimes(writer, 0, audioIds[0]!)[0]!.start).toBeLessThan(0.2);
    expect(trackTimes(writer, 0, audioIds[0]!).at(-1)!.end).toBeCloseTo(6, 0);
    expect(writer.periods[1]!.startMs).toBeGreaterThan(5900);
    expect(writer.periods[1]!.startMs).toBeLessThan(6200);
    expect(trackTimes(writer, 1, audioIds[1]!).at(-1)!.end).toBeCloseTo(lengthMs / 1000, 0);
    expect([countSilences(writer, 0), countSilences(writer, 1)]).toEqual([0, 0]);
  });

  it('is heard alone when they never come', async () => {
    const writer = await broadcast((tag) => (isPicture(tag) ? undefined : tag.timeMs));
    expect(writer.periods.map(({ tracks }) => tracks.map(({ kind }) => kind))).toEqual([['audio']]);
    expect(countSilences(writer, 0)).toBe(0);
  });
});
