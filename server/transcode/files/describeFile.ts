import { refuse, type Refusal } from '../../errors.ts';
import { containersWithTimes, fileLimits } from './inputLimits.ts';
import type { FileAudio, FileVideo, MediaFile } from './mediaFile.ts';
import type { ProbedStream, ProbeOutput } from './probeOutput.ts';

const playableProfiles = /^((Constrained )?Baseline|Main|High)$/;
const highestLevel = 52;
const widestPicture = 4096;

/** What a file is, or why it is not taken. */
export function describeFile(path: string, probed: ProbeOutput): MediaFile | Refusal {
  const { streams, format } = probed;
  const hasTimes = format.format_name.split(',').some((name) => containersWithTimes.has(name));
  const picture = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic);
  const sound = streams.find((stream) => stream.codec_type === 'audio');
  if (!picture && !sound) return refuse('uploadWithoutMedia');
  const durationMs = longest([picture?.duration, sound?.duration]) ?? longest([format.duration]);
  if (durationMs !== undefined && durationMs > fileLimits.durationMs) return refuse('uploadOutsideLimits');
  const video = picture && describeVideo(picture, hasTimes, format.bit_rate);
  if (video && 'refused' in video) return video;
  // In MPEG-TS, what a decoder has to know stands in each frame, too late for an init segment.
  const audio = sound && describeAudio(sound, hasTimes && format.format_name !== 'mpegts');
  if (audio && 'refused' in audio) return audio;
  return { path, durationMs, video, audio };
}

function describeVideo(stream: ProbedStream, hasTimes: boolean, wholeBps: number | undefined): FileVideo | Refusal {
  const { codec_name: codec, width = 0, height = 0 } = stream;
  if (!isKnown(codec)) return refuse('uploadUnsupported');
  if (width < 1 || height < 1) return refuse('uploadUnreadable');
  const frameRate = readRate(stream.avg_frame_rate) ?? readRate(stream.r_frame_rate);
  const { widthOrHeight, pixels, framesPerSecond } = fileLimits;
  const isTooLarge = Math.max(width, height) > widthOrHeight || width * height > pixels;
  if (isTooLarge || (frameRate !== undefined && frameRate > framesPerSecond && stream.avg_frame_rate !== '0/0'))
    return refuse('uploadOutsideLimits');
  const degrees = rotationOf(stream);
  const turned = Math.abs(degrees) % 180 === 90;
  const interlaced = /^(tt|bb|tb|bt)$/.test(stream.field_order ?? '');
  return {
    codec,
    width: turned ? height : width,
    height: turned ? width : height,
    frameRate,
    bitrateBps: stream.bit_rate ?? wholeBps,
    interlaced,
    playable: hasTimes && degrees === 0 && !interlaced && isPlayableH264(stream),
    reorderedFrames: stream.has_b_frames ?? 0,
  };
}

function describeAudio(stream: ProbedStream, hasTimes: boolean): FileAudio | Refusal {
  const { codec_name: codec, channels = 0, sample_rate: sampleRate = 0 } = stream;
  if (!isKnown(codec)) return refuse('uploadUnsupported');
  if (channels < 1 || sampleRate < 1) return refuse('uploadUnreadable');
  if (channels > fileLimits.channels) return refuse('uploadOutsideLimits');
  const isAac = codec === 'aac' && stream.profile === 'LC';
  const playable = hasTimes && isAac && channels <= 2 && sampleRate >= 16_000 && sampleRate <= 48_000;
  return { codec, channels, bitrateBps: stream.bit_rate, playable };
}

/** In ms, of what is known in seconds. What else is in a file may be longer, and is left out. */
function longest(seconds: readonly (number | undefined)[]): number | undefined {
  const known = seconds.filter((value) => value !== undefined && value > 0);
  return known.length > 0 ? Math.round(Math.max(...known.map(Number)) * 1000) : undefined;
}

function isKnown(codec: string | undefined): codec is string {
  return codec !== undefined && codec !== 'none' && codec !== 'unknown';
}

function isPlayableH264({ codec_name, profile = '', pix_fmt = '', level = 0, width = 0 }: ProbedStream): boolean {
  return (
    codec_name === 'h264' &&
    playableProfiles.test(profile) &&
    /^yuvj?420p$/.test(pix_fmt) &&
    level <= highestLevel &&
    width <= widestPicture
  );
}

/** Degrees; phones hold their sensors one way. */
function rotationOf({ side_data_list: sideData = [], tags }: ProbedStream): number {
  const degrees = sideData.find(({ rotation }) => rotation !== undefined)?.rotation ?? Number(tags?.rotate ?? 0);
  return Number.isFinite(degrees) ? Math.round(degrees / 90) * 90 : 0;
}

/** `30000/1001`; undefined for `0/0`. */
function readRate(text: string | undefined): number | undefined {
  const [over = NaN, under = 1] = (text ?? '').split('/').map(Number);
  const rate = over / under;
  return Number.isFinite(rate) && rate > 0 ? rate : undefined;
}
