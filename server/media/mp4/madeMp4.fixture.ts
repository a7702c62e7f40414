/** Small fragmented MP4s made by hand, so that tests need no encoder. */

export function box(type: string, ...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeInt32BE(value | 0, index * 4));
  return bytes;
}

/** Profile, constraints and level of High 3.1; parameter sets that no decoder would like. */
export const madeAvcC = Uint8Array.of(1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 4, 0x67, 0x64, 0, 0x1f, 1, 0, 2, 0x68, 0xee);

/** AAC-LC, 48 kHz, stereo. */
const audioSpecificConfig = [0x11, 0x90];

/** `ftyp` + `moov` of one track with id 1, as ffmpeg lays them out. */
export function madeInit(kind: 'video' | 'audio', timescale: number): Uint8Array {
  return Buffer.concat([
    box('ftyp', Buffer.from('iso6'), words(512), Buffer.from('cmfc')),
    box(
      'moov',
      box('mvhd', Buffer.alloc(100)),
      box('trak', tkhd(kind), box('mdia', mdhd(timescale), box('minf', box('stbl', stsd(kind))))),
      box('mvex', box('trex', words(0, 1, 1, 0, 0, 0))),
    ),
  ]);
}

function tkhd(kind: 'video' | 'audio'): Uint8Array {
  const size = kind === 'video' ? words(640 << 16, 360 << 16) : words(0, 0);
  return box('tkhd', words(3, 0, 0, 1), Buffer.alloc(60), size);
}

function mdhd(timescale: number): Uint8Array {
  return box('mdhd', words(0, 0, 0, timescale, 0, 0));
}

function stsd(kind: 'video' | 'audio'): Uint8Array {
  const visual = Buffer.alloc(78);
  visual.writeUInt16BE(640, 24);
  visual.writeUInt16BE(360, 26);
  const specific = [0x05, audioSpecificConfig.length, ...audioSpecificConfig];
  const config = [0x04, 13 + specific.length, 0x40, ...Array<number>(12).fill(0), ...specific];
  const descriptors = [0x03, 3 + config.length, 0, 1, 0, ...config];
  const entry =
    kind === 'video'
      ? box('avc1', visual, box('avcC', madeAvcC), box('pasp', words(1, 1)))
      : box('mp4a', Buffer.alloc(28), box('esds', words(0), descriptors));
  return box('stsd', words(0, 1), entry);
}

export interface MadeSample {
  readonly durationTicks: number;
  readonly media: readonly number[];
  readonly compositionTicks?: number;
  readonly sync?: boolean;
}

/** `moof` + `mdat` of track 1. */
export function madeFragment(decodeTicks: number, samples: readonly MadeSample[]): Uint8Array {
  const entries = samples.flatMap((sample) => [
    sample.durationTicks,
    sample.media.length,
    sample.sync === false ? 0x1010000 : 0x2000000,
    sample.compositionTicks ?? 0,
  ]);
  const moof = (dataOffset: number) =>
    box(
      'moof',
      box('mfhd', words(0, 1)),
      box(
        'traf',
        box('tfhd', words(0x020000, 1)),
        box('tfdt', words(0x01000000, Math.floor(decodeTicks / 2 ** 32), decodeTicks)),
        box('trun', words(0x01000f01, samples.length, dataOffset, ...entries)),
      ),
    );
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', ...samples.map((sample) => sample.media))]);
}
