import { array, assert, integer, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mp4Error } from './box.ts';
import { readInit } from './initSegment.ts';
import { madeAvcC, madeFragment, madeInit } from './madeMp4.fixture.ts';
import { readFragment } from './mediaFragment.ts';
import { Mp4Splitter } from './mp4Splitter.ts';
import { replaceAvcConfiguration } from './replaceAvcConfiguration.ts';
import { scanFragments } from './scanFragments.ts';
import { mergeFragments } from './mergeFragments.ts';

const videoInit = readInit(madeInit('video', 90_000));
const fragment = madeFragment(2 ** 33, [
  { durationTicks: 3000, media: [1, 2, 3] },
  { durationTicks: 3003, media: [4, 5], compositionTicks: -3000, sync: false },
]);

describe('readInit', () => {
  it('reads a video track', () => {
    expect(videoInit).toEqual({
      kind: 'video',
      trackId: 1,
      timescale: 90_000,
      codec: 'avc1.64001f',
      width: 640,
      height: 360,
      avcC: madeAvcC,
      defaults: { durationTicks: 0, bytes: 0, flags: 0 },
    });
  });

  it('reads an audio track', () => {
    expect(readInit(madeInit('audio', 48_000))).toMatchObject({
      kind: 'audio',
      timescale: 48_000,
      codec: 'mp4a.40.2',
      sampleRate: 48_000,
      channels: 2,
    });
  });
});

describe('readFragment', () => {
  it('finds times and samples without copying', () => {
    const read = readFragment(fragment, videoInit);
    expect(read).toMatchObject({ startTicks: 2 ** 33, durationTicks: 6003, independent: true });
    const media = read.samples.map(({ offset, bytes }) => [...fragment.subarray(offset, offset + bytes)]);
    expect(media).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(read.samples.map(({ compositionTicks, sync }) => ({ compositionTicks, sync }))).toEqual([
      { compositionTicks: 0, sync: true },
      { compositionTicks: -3000, sync: false },
    ]);
  });

  it('gives the presentation time of a key frame that is shown later than it is decoded', () => {
    const late = madeFragment(9000, [{ durationTicks: 3000, media: [1], compositionTicks: 6000 }]);
    expect(readFragment(late, videoInit).startTicks).toBe(15_000);
    const next = madeFragment(12_000, [{ durationTicks: 3000, media: [1], compositionTicks: 12_000, sync: false }]);
    expect(readFragment(next, videoInit, 6000).startTicks).toBe(18_000);
  });

  it('refuses a sample count that its box cannot hold', () => {
    const damaged = Buffer.from(fragment);
    damaged.writeUInt32BE(0xffffffff, damaged.indexOf('trun') + 8);
    expect(() => readFragment(damaged, videoInit)).toThrow(Mp4Error);
  });
});

describe('mergeFragments', () => {
  const samples = [1, 2, 3, 4].map((value) => ({
    durationTicks: 1024,
    media: Array<number>(value).fill(value),
    sync: value !== 2,
    compositionTicks: value === 2 ? -7 : 0,
  }));

  it('gives one fragment with the samples of all', () => {
    const start = 2 ** 32 - 2048;
    const read = (data: Uint8Array) => ({ data, media: readFragment(data, videoInit) });
    const parts = samples.map((sample, index) => read(madeFragment(start + index * 1024, [sample])));
    const merged = read(mergeFragments(parts, videoInit));
    const whole = read(madeFragment(start, samples));
    const described = ({ data, media }: ReturnType<typeof read>) =>
      media.samples.map(({ offset, bytes, ...sample }) => [
        sample,
        Buffer.from(data.subarray(offset, offset + bytes)).toString('hex'),
      ]);
    expect(described(merged)).toEqual(described(whole));
    expect(merged.media).toMatchObject({ startTicks: start, durationTicks: 4096, independent: true });
  });
});

describe('scanFragments', () => {
  const parts = [0, 6003, 12_006].map((start, index) =>
    madeFragment(start, [{ durationTicks: 6003, media: Array<number>(10 + index).fill(7), sync: index === 0 }]),
  );
  const file = Buffer.concat(parts);

  it('finds every fragment of a whole file', () => {
    const found = scanFragments(file, videoInit);
    expect(found.map(({ startTicks }) => startTicks)).toEqual([0, 6003, 12_006]);
    expect(found.map(({ independent }) => independent)).toEqual([true, false, false]);
    expect(found.map(({ offset, bytes }) => file.subarray(offset, offset + bytes))).toEqual(parts);
  });

  it('keeps exactly the fragments that are whole, wherever the file was cut', () => {
    const ends = [parts[0]!.length, parts[0]!.length + parts[1]!.length, file.length];
    for (let length = 0; length <= file.length; length++) {
      const whole = ends.filter((end) => end <= length).length;
      expect(scanFragments(file.subarray(0, length), videoInit)).toHaveLength(whole);
    }
  });
});

describe('replaceAvcConfiguration', () => {
  const avcC = Uint8Array.of(1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 3, 0x67, 0x42, 0xc0, 1, 0, 2, 0x68, 0xce);

  it('changes parameter sets and size and nothing else', () => {
    const patched = readInit(replaceAvcConfiguration(madeInit('video', 90_000), avcC, 1280, 720));
    expect(patched).toEqual({ ...videoInit, codec: 'avc1.42c01e', width: 1280, height: 720, avcC });
  });

  it('leaves the given init segment as it was', () => {
    const init = madeInit('video', 90_000);
    replaceAvcConfiguration(init, avcC, 1280, 720);
    expect(init).toEqual(madeInit('video', 90_000));
  });

  it('lets no other track through', () => {
    expect(() => replaceAvcConfiguration(madeInit('audio', 48_000), avcC, 1280, 720)).toThrow(Mp4Error);
  });
});

describe('damaged input', () => {
  const whole = Buffer.concat([madeInit('video', 90_000), fragment, fragment]);
  const damaged = tuple(nat(whole.length), array(tuple(nat(whole.length - 1), nat(255)), { maxLength: 6 })).map(
    ([length, changes]) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes.subarray(0, length);
    },
  );

  it('ends in units, readings or an Mp4Error and in nothing else', () => {
    assert(
      property(damaged, integer({ min: 1, max: 700 }), (bytes, pieceBytes) => {
        const splitter = new Mp4Splitter(1 << 20);
        try {
          for (let at = 0; at < bytes.length; at += pieceBytes) {
            for (const unit of splitter.push(bytes.subarray(at, at + pieceBytes))) {
              if (unit.type === 'init') replaceAvcConfiguration(unit.data, madeAvcC, 640, readInit(unit.data).trackId);
              else readFragment(unit.data, videoInit);
            }
          }
          scanFragments(bytes, videoInit);
        } catch (error) {
          expect(error).toBeInstanceOf(Mp4Error);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
