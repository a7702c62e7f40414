import { refuse, type Refusal } from '../../errors.ts';
import { aacKind, parseAudioSpecificConfig } from '../../media/codecs/aac.ts';
import type { AacHeaderSizes } from '../../media/rtp/aacPayload.ts';
import { parseStreamMuxConfig } from '../../media/rtp/latmPayload.ts';
import { type MediaSection, readSections } from './sessionDescription.ts';

export interface AnnouncedVideo {
  readonly kind: 'video';
  readonly payloadType: number;
  readonly clockRate: number;
  readonly control: string | undefined;
  /** SPS and PPS as whole NAL units, where the description has them. */
  readonly parameterSets: readonly Buffer[];
}

export interface AnnouncedAudio {
  readonly kind: 'audio';
  readonly payloadType: number;
  readonly clockRate: number;
  readonly control: string | undefined;
  /** AudioSpecificConfig */
  readonly config: Buffer;
  readonly format: ({ readonly kind: 'generic' } & AacHeaderSizes) | { readonly kind: 'latm'; readonly units: number };
  /** Of the RTP clock, in each access unit. */
  readonly unitTicks: number;
}

/** What an encoder is going to send: a picture, sound, or both. */
export interface Announcement {
  readonly video?: AnnouncedVideo;
  readonly audio?: AnnouncedAudio;
}

const advice = 'send H.264 and AAC.';
/** As people write them. */
const codecNames: Readonly<Record<string, string>> = {
  H265: 'H.265',
  HEVC: 'H.265',
  'MP4V-ES': 'MPEG-4 Part 2',
  MPV: 'MPEG-2',
  MPA: 'MP3',
  'MPA-ROBUST': 'MP3',
  OPUS: 'Opus',
  JPEG: 'JPEG',
  PCMU: 'G.711',
  PCMA: 'G.711',
};

/** Reads the description of ANNOUNCE (RFC 4566, RFC 6184 8, RFC 3640 4, RFC 6416 6). */
export function parseAnnouncement(text: string): Announcement | Refusal {
  const sections = readSections(text);
  if (!sections) return refuse('malformedSdp', 'The session description cannot be read.');
  const announcement: { video?: AnnouncedVideo; audio?: AnnouncedAudio } = {};
  for (const section of sections) {
    const track = parseTrack(section);
    if ('refused' in track) return track;
    if (announcement[track.kind]) return refuse('malformedSdp', `Send one ${track.kind} track only.`);
    if (track.kind === 'video') announcement.video = track;
    else announcement.audio = track;
  }
  return sections.length > 0 ? announcement : refuse('malformedSdp', `No track is announced; ${advice}`);
}

function parseTrack(section: MediaSection): AnnouncedVideo | AnnouncedAudio | Refusal {
  const { media, encoding } = section;
  if (media === 'video' && encoding === 'H264') return parseVideo(section);
  if (media === 'audio' && (encoding === 'MPEG4-GENERIC' || encoding === 'MP4A-LATM')) return parseAudio(section);
  if (media !== 'video' && media !== 'audio')
    return refuse('unsupportedCodec', `A track of type ${media.slice(0, 20)} is not supported; ${advice}`);
  return unsupported(`${codecNames[encoding] ?? (encoding.slice(0, 30) || 'This')} ${media} is not supported`);
}

function parseVideo({ payloadType, clockRate, control, parameters }: MediaSection): AnnouncedVideo | Refusal {
  if (parameters.get('packetization-mode') === '2') return unsupported('Interleaved H.264 packets are not supported');
  if (clockRate !== 90_000) return refuse('malformedSdp', 'The clock rate of H.264 must be 90000.');
  const parameterSets = (parameters.get('sprop-parameter-sets') ?? '')
    .split(',')
    .slice(0, 32)
    .map((set) => Buffer.from(set, 'base64'))
    .filter(({ length }) => length > 0);
  return { kind: 'video', payloadType, clockRate, control, parameterSets };
}

function parseAudio(section: MediaSection): AnnouncedAudio | Refusal {
  const { payloadType, control, parameters, encoding } = section;
  // RFC 6416 6.1: LATM's default.
  const clockRate = section.clockRate ?? (encoding === 'MP4A-LATM' ? 90_000 : 0);
  if (clockRate < 1000 || clockRate > 1_000_000)
    return refuse('malformedSdp', 'The clock rate of the sound is not valid.');
  const hex = parameters.get('config') ?? '';
  if (!/^(?:[\da-f]{2}){2,64}$/i.test(hex))
    return unsupported('AAC without its configuration (config=) cannot be read');
  try {
    const bytes = Buffer.from(hex, 'hex');
    const { config, format } = encoding === 'MP4A-LATM' ? latm(bytes, parameters) : generic(bytes, parameters);
    const { objectType, sampleRate } = parseAudioSpecificConfig(config);
    // With spectral band replication, twice the samples come out of each unit.
    const samples = aacKind(objectType) === 'heAac' ? 2048 : 1024;
    const unitTicks = (samples * clockRate) / sampleRate;
    return { kind: 'audio', payloadType, clockRate, control, config, format, unitTicks };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unsupported(`The AAC configuration cannot be read (${error.message})`);
  }
}

type AudioFormat = Pick<AnnouncedAudio, 'config' | 'format'>;

function latm(bytes: Buffer, parameters: ReadonlyMap<string, string>): AudioFormat {
  if (parameters.get('cpresent') !== '0') throw new RangeError('it is within the stream; send cpresent=0');
  const { audioConfig, units } = parseStreamMuxConfig(bytes);
  return { config: audioConfig, format: { kind: 'latm', units } };
}

function generic(config: Buffer, parameters: ReadonlyMap<string, string>): AudioFormat {
  const bits = (name: string) => {
    const value = parameters.get(name) ?? '0';
    if (!/^\d{1,2}$/.test(value) || Number(value) > 24) throw new RangeError(`${name} is not valid`);
    return Number(value);
  };
  const format = {
    kind: 'generic' as const,
    sizeBits: bits('sizelength'),
    indexBits: bits('indexlength'),
    indexDeltaBits: bits('indexdeltalength'),
  };
  const others = ['ctsdeltalength', 'dtsdeltalength', 'randomaccessindication', 'auxiliarydatasizelength'];
  if (format.sizeBits === 0 || others.some((name) => bits(name) > 0)) throw new RangeError('send mode=AAC-hbr');
  return { config, format };
}

function unsupported(what: string): Refusal {
  return refuse('unsupportedCodec', `${what}; ${advice}`);
}
