import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mp4Error } from './box.ts';
import { concatBytes, words, writeBox } from './boxWriter.ts';
import { moveHead, moveTimes, TimeMover } from './moveTimes.ts';
import { writeFragment } from './writeFragment.ts';

const sample = { data: Buffer.from('picture'), durationTicks: 3000, compositionTicks: 0, sync: true };

/** A `prft`, a `sidx` and a fragment, all at one time. */
function timedAt(ticks: number): Buffer {
  const long = [Math.floor(ticks / 2 ** 32), ticks % 2 ** 32];
  const prft = writeBox('prft', words(0x01000000, 1, 0x12345678, 0x9abcdef0, ...long));
  const sidx = writeBox('sidx', words(0x01000000, 1, 90_000, ...long, 0, 0, 1, 500, 3000, 0x90000000));
  return Buffer.from(
    concatBytes([writeBox('styp', Buffer.from('msdh')), prft, sidx, writeFragment(1, ticks, [sample])]),
  );
}

const short = (ticks: number) =>
  Buffer.from(concatBytes([writeBox('moof', writeBox('traf', writeBox('tfdt', words(0, ticks)))), writeBox('mdat')]));

const ticks = fc.integer({ min: 0, max: 2 ** 45 });

describe('moving the times of fragments', () => {
  it('gives what would have been written at the other time', () => {
    fc.assert(
      fc.property(ticks, ticks, (from, to) => {
        const bytes = timedAt(from);
        moveTimes(bytes, to - from);
        expect(bytes.equals(timedAt(to))).toBe(true);
      }),
    );
  });

  it('needs no more of a fragment than what comes before its media', () => {
    const [from, to] = [timedAt(5_000_000), timedAt(9_000_000)];
    const media = from.lastIndexOf('mdat') + 4;
    const head = Buffer.from(from.subarray(0, media));
    expect(moveHead(head, 4_000_000)).toBe(true);
    expect(head.equals(to.subarray(0, media))).toBe(true);
    expect(moveHead(Buffer.from(from.subarray(0, media - 20)), 4_000_000)).toBe(false);
  });

  it('gives the same in pieces of any size, and leaves the pieces as they were', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(ticks, ticks, sizes, (from, to, pieces) => {
        const bytes = Buffer.concat([timedAt(from), timedAt(from)]);
        const before = Buffer.from(bytes);
        const mover = new TimeMover(to - from);
        const moved: Buffer[] = [];
        for (let offset = 0, turn = 0; offset < bytes.length; turn++) {
          const end = offset + pieces[turn % pieces.length]!;
          moved.push(...mover.push(bytes.subarray(offset, end)));
          offset = end;
        }
        expect(Buffer.concat(moved).equals(Buffer.concat([timedAt(to), timedAt(to)]))).toBe(true);
        expect(bytes.equals(before)).toBe(true);
      }),
    );
  });

  it('moves 32-bit times as far as they go', () => {
    const bytes = short(5);
    moveTimes(bytes, 2 ** 32 - 6);
    expect(bytes.equals(short(2 ** 32 - 1))).toBe(true);
    expect(() => moveTimes(bytes, 1)).toThrow(Mp4Error);
    expect(() => moveTimes(short(5), -6)).toThrow(Mp4Error);
  });

  it('refuses what are not fragments', () => {
    expect(() => moveTimes(Buffer.from('no boxes at all'), 1)).toThrow(Mp4Error);
    const cut = Buffer.from(concatBytes([writeBox('moof', writeBox('traf', writeBox('tfdt', words(0x01000000))))]));
    expect(() => moveTimes(cut, 1)).toThrow(Mp4Error);
    const endless = new TimeMover(1);
    expect(() => endless.push(Buffer.from([0x7f, 0, 0, 0, ...Buffer.from('moof')]))).toThrow(Mp4Error);
  });
});
