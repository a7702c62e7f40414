import { describe, expect, it } from 'vitest';
import { Mp4Error } from './box.ts';
import { box, madeFragment, madeInit } from './madeMp4.fixture.ts';
import { Mp4Splitter, type Mp4Unit } from './mp4Splitter.ts';

const init = madeInit('video', 90_000);
const fragments = [0, 1, 2].map((index) => madeFragment(index * 3000, [{ durationTicks: 3000, media: [1, 2, 3] }]));
const styp = box('styp', Buffer.from('msdh'), [0, 0, 0, 0]);
const file = Buffer.concat([init, fragments[0]!, styp, fragments[1]!, fragments[2]!, box('mfra')]);
const expected: Mp4Unit[] = [
  { type: 'init', data: init },
  { type: 'fragment', data: fragments[0]! },
  { type: 'fragment', data: Buffer.concat([styp, fragments[1]!]) },
  { type: 'fragment', data: fragments[2]! },
];

function split(bytes: Uint8Array, pieceBytes: number, splitter = new Mp4Splitter()): Mp4Unit[] {
  const units: Mp4Unit[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    units.push(...splitter.push(bytes.subarray(at, at + pieceBytes)));
  return units;
}

describe('Mp4Splitter', () => {
  it.each([1, 2, 7, 8, 9, 16, 100, 333, 100_000])('finds the same units in pieces of %i bytes', (pieceBytes) => {
    const units = split(file, pieceBytes);
    expect(units.map(({ type }) => type)).toEqual(expected.map(({ type }) => type));
    units.forEach((unit, index) => expect(Buffer.compare(unit.data, expected[index]!.data)).toBe(0));
  });

  it('does not copy a unit that came in one piece', () => {
    const [unit] = new Mp4Splitter().push(file);
    expect(unit!.data.buffer).toBe(file.buffer);
  });

  it('reads 64-bit box sizes', () => {
    const [moofEnd] = [fragments[0]!.length - 11];
    const large = Buffer.alloc(16 + 3);
    large.writeUInt32BE(1, 0);
    large.write('mdat', 4);
    large.writeUInt32BE(19, 12);
    const moof = fragments[0]!.subarray(0, moofEnd);
    expect(split(Buffer.concat([init, moof, large]), 5).map(({ type }) => type)).toEqual(['init', 'fragment']);
  });

  it.each([
    ['a box larger than the limit', Buffer.concat([init, Uint8Array.of(0, 1, 0, 0), Buffer.from('moof')])],
    ['a size of zero', Uint8Array.of(0, 0, 0, 0, 0x6d, 0x6f, 0x6f, 0x76)],
    ['a size below the header', Uint8Array.of(0, 0, 0, 7, 0x6d, 0x6f, 0x6f, 0x76)],
    ['something that is not MP4', Buffer.from('FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00')],
    ['a fragment before the init segment', fragments[0]!],
    ['media without moof', Buffer.concat([init, box('mdat', [1])])],
    ['a second init segment', Buffer.concat([init, init])],
  ])('refuses %s, and everything after it', (_, bytes) => {
    const splitter = new Mp4Splitter(4096);
    expect(() => split(bytes, 3, splitter)).toThrow(Mp4Error);
    expect(() => splitter.push(file)).toThrow(Mp4Error);
    expect(splitter.heldBytes).toBe(0);
  });

  it('refuses small boxes without end', () => {
    const splitter = new Mp4Splitter(4096);
    const free = box('free', Buffer.alloc(100));
    expect(() => {
      for (let count = 0; count < 100; count++) splitter.push(free);
    }).toThrow('too large');
  });
});
