import { parseAudioSpecificConfig } from '../../media/codecs/aac.ts';
import { parseAvcConfiguration } from '../../media/codecs/h264.ts';
import type { AudioInit, InitSegment, VideoInit } from '../../media/mp4/initSegment.ts';
import type { Track } from '../../media/track.ts';
import { xmlAttributes } from '../xml.ts';
import { trackNumber } from './chunk.ts';

/** Room for the number of a track below its rounded bit rate. */
const bitrateStep = 100;

/**
 * The bit rate that names a rendition in addresses: the track's own, with the number of the track as the last two
 * digits, so that no two are equal and the name holds over periods that measure another rate.
 */
export function levelBitrate({ id, kind, bitrateBps }: Track): number | undefined {
  const number = kind === 'text' ? undefined : trackNumber(id, kind);
  if (number === undefined) return undefined;
  const rounded = Math.round(Math.min(bitrateBps, 4e9) / bitrateStep);
  return Math.max(1, Number.isFinite(rounded) ? rounded : 1) * bitrateStep + number;
}

/** Number of the track that a rendition's bit rate names. */
export function levelTrackNumber(bitrate: number): number {
  return bitrate % bitrateStep;
}

/** MS-SSTR 2.2.2.5 */
export function qualityLevel(index: number, bitrate: number, init: InitSegment): string {
  const attributes = init.kind === 'video' ? videoAttributes(init) : audioAttributes(init);
  return `<QualityLevel${xmlAttributes({ Index: index, Bitrate: bitrate, ...attributes })}/>\n`;
}

function videoAttributes({ avcC, width, height }: VideoInit): Record<string, string | number> {
  const { sps, pps } = parseAvcConfiguration(avcC);
  const codecPrivateData = [...sps, ...pps].map((set) => `00000001${hex(set)}`).join('');
  return { FourCC: 'H264', MaxWidth: width, MaxHeight: height, CodecPrivateData: codecPrivateData };
}

function audioAttributes({ audioSpecificConfig, sampleRate, channels }: AudioInit): Record<string, string | number> {
  const { objectType } = parseAudioSpecificConfig(audioSpecificConfig);
  return {
    FourCC: objectType === 2 ? 'AACL' : 'AACH',
    SamplingRate: sampleRate,
    Channels: channels,
    BitsPerSample: 16,
    PacketSize: 4,
    AudioTag: 255,
    CodecPrivateData: hex(audioSpecificConfig),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
