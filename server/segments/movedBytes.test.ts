import { describe, expect, it } from 'vitest';
import { writeFragment } from '../media/mp4/writeFragment.ts';
import { MemoryBytes } from './memoryBytes.ts';
import { MovedBytes } from './movedBytes.ts';
import { collectStream, readParts } from './readParts.ts';

const media = Buffer.alloc(200_000, 'picture');
const fragmentAt = (ticks: number) =>
  Buffer.from(writeFragment(1, ticks, [{ data: media, durationTicks: 3000, compositionTicks: 0, sync: true }]));
const fileAt = (ticks: number) => Buffer.concat([fragmentAt(ticks), fragmentAt(ticks + 3000)]);

describe('stored bytes at another time', () => {
  const stored = fileAt(1000);
  const half = stored.length / 2;
  const fragments = [0, half].map((offset) => ({ offset, bytes: half }));
  const moved = new MovedBytes(new MemoryBytes(stored), { fragments }, 9000);
  const expected = fileAt(10_000);

  it.each([
    [0, 1023],
    [half, half + 1023],
    [half - 10, half + 90],
    [50, 60],
    [half, half + 30],
    [100_000, 300_000],
    [0, stored.length - 1],
  ])('are those from %i to %i of what would have been stored then', async (start, end) => {
    const [part] = await readParts(moved, [{ start, end }]);
    expect(part!.equals(expected.subarray(start, end + 1))).toBe(true);
    expect((await collectStream(moved.stream({ start, end }))).equals(expected.subarray(start, end + 1))).toBe(true);
  });

  it('come in the order that they are asked for', async () => {
    const parts = await moved.parts([
      { start: half, end: half + 999 },
      { start: 0, end: 999 },
    ]);
    expect(
      Buffer.concat(parts).equals(Buffer.concat([expected.subarray(half, half + 1000), expected.subarray(0, 1000)])),
    ).toBe(true);
  });
});
