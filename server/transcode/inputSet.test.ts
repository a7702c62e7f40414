import { describe, expect, it } from 'vitest';
import { InputSet } from './inputSet.ts';

describe('what one ffmpeg reads', () => {
  it.each([
    [1500, 1500],
    [-3_600_000, 0],
    [undefined, 0],
  ])('is as old as the first input says (%s ms), but not of the future', async (ageMs, expected) => {
    const reading = { inputArgs: [], ageMs, start: () => undefined, close: () => Promise.resolve() };
    const inputs = await InputSet.open(
      [
        {
          tracks: { audio: { codec: 'aac', sampleRate: 48_000, channels: 2 } },
          open: () => Promise.resolve(reading),
          requestKeyFrame: () => undefined,
        },
      ],
      { maxAgeMs: 4000, missedMs: 0 },
    );
    expect(inputs.ageMs).toBe(expected);
    await inputs.close();
  });
});
