import { aacCodecString, parseAudioSpecificConfig } from '../codecs/aac.ts';
import { findBox, Mp4Error, readBox, readBoxes, requireBox, uint16At, uint32At, type Box } from './box.ts';
import { readDecoderSpecificInfo } from './decoderSpecificInfo.ts';

/** What reading fragments takes, whatever is in them. */
export interface InitBase {
  readonly trackId: number;
  /** Ticks per second of the media times in its fragments. */
  readonly timescale: number;
  /** RFC 6381 */
  readonly codec: string;
  /** From `trex`, used by samples that do not say otherwise. */
  readonly defaults: SampleDefaults;
}

export interface SampleDefaults {
  readonly durationTicks: number;
  readonly bytes: number;
  readonly flags: number;
}

export interface VideoInit extends InitBase {
  readonly kind: 'video';
  readonly width: number;
  readonly height: number;
  /** AVCDecoderConfigurationRecord */
  readonly avcC: Uint8Array;
}

export interface AudioInit extends InitBase {
  readonly kind: 'audio';
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  readonly audioSpecificConfig: Uint8Array;
}

/** WebVTT (ISO/IEC 14496-30). */
export interface TextInit extends InitBase {
  readonly kind: 'text';
}

/** What an init segment of one H.264 or AAC track says. */
export type InitSegment = VideoInit | AudioInit;

/** Bytes from the body of a sample entry to its child boxes, ISO/IEC 14496-12 12.1.3, 12.2.3. */
export const visualEntryBytes = 78;
const audioEntryBytes = 28;

/** Reads `ftyp` + `moov` with exactly one track, of sound or picture. Throws `Mp4Error`. */
export function readInit(init: Uint8Array): InitSegment {
  const read = readTrackInit(init);
  if (read.kind === 'text') throw new Mp4Error('text is neither sound nor picture');
  return read;
}

/** Reads the init segment of any stored track. Throws `Mp4Error`. */
export function readTrackInit(init: Uint8Array): InitSegment | TextInit {
  const moov = findBox(init, 0, init.length, 'moov');
  if (!moov) throw new Mp4Error('init segment has no moov');
  const traks = [...readBoxes(init, moov.body, moov.end)].filter((box) => box.type === 'trak');
  const [trak] = traks;
  if (!trak || traks.length > 1) throw new Mp4Error(`init segment has ${traks.length} tracks instead of one`);
  const tkhd = requireBox(init, trak, 'tkhd');
  const trackId = uint32At(init, tkhd.body + (init[tkhd.body] === 1 ? 20 : 12));
  const mdhd = requireBox(init, trak, 'mdia', 'mdhd');
  const timescale = uint32At(init, mdhd.body + (init[mdhd.body] === 1 ? 20 : 12));
  if (timescale === 0) throw new Mp4Error('timescale is 0');
  const base = { trackId, timescale, defaults: readDefaults(init, moov, trackId) };
  return { ...base, ...readSampleEntry(init, requireBox(init, trak, 'mdia', 'minf', 'stbl', 'stsd')) };
}

function readDefaults(init: Uint8Array, moov: Box, trackId: number): SampleDefaults {
  const mvex = requireBox(init, moov, 'mvex');
  for (const box of readBoxes(init, mvex.body, mvex.end)) {
    if (box.type !== 'trex' || uint32At(init, box.body + 4) !== trackId) continue;
    return {
      durationTicks: uint32At(init, box.body + 12),
      bytes: uint32At(init, box.body + 16),
      flags: uint32At(init, box.body + 20),
    };
  }
  throw new Mp4Error(`no trex for track ${trackId}`);
}

type SampleEntry =
  | Pick<TextInit, 'kind' | 'codec'>
  | Pick<VideoInit, 'kind' | 'codec' | 'width' | 'height' | 'avcC'>
  | Pick<AudioInit, 'kind' | 'codec' | 'sampleRate' | 'channels' | 'audioSpecificConfig'>;

function readSampleEntry(init: Uint8Array, stsd: Box): SampleEntry {
  const entry = readBox(init, stsd.body + 8, stsd.end);
  if (entry.type === 'avc1' || entry.type === 'avc3') return readAvcEntry(init, entry);
  if (entry.type === 'mp4a') return readAacEntry(init, entry);
  if (entry.type === 'wvtt') return { kind: 'text', codec: 'wvtt' };
  throw new Mp4Error(`sample entry ${entry.type} is not supported`);
}

function readAvcEntry(init: Uint8Array, entry: Box): SampleEntry {
  const box = findBox(init, entry.body + visualEntryBytes, entry.end, 'avcC');
  const avcC = box && new Uint8Array(init.subarray(box.body, box.end));
  if (!avcC || avcC.length < 7) throw new Mp4Error(`${entry.type} has no avcC`);
  const profileAndLevel = avcC.subarray(1, 4).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '');
  return {
    kind: 'video',
    codec: `${entry.type}.${profileAndLevel}`,
    width: uint16At(init, entry.body + 24),
    height: uint16At(init, entry.body + 26),
    avcC,
  };
}

function readAacEntry(init: Uint8Array, entry: Box): SampleEntry {
  const esds = findBox(init, entry.body + audioEntryBytes, entry.end, 'esds');
  if (!esds) throw new Mp4Error('mp4a has no esds');
  const audioSpecificConfig = readDecoderSpecificInfo(init.subarray(esds.body + 4, esds.end));
  try {
    const { objectType, sampleRate, channels } = parseAudioSpecificConfig(audioSpecificConfig);
    return { kind: 'audio', codec: aacCodecString(objectType), sampleRate, channels, audioSpecificConfig };
  } catch (error) {
    throw new Mp4Error(`audio configuration: ${error instanceof Error ? error.message : String(error)}`);
  }
}
