import type { Flavor, Profile } from '../../shared/model/profile.ts';

interface LadderVideo {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Frames per second */
  readonly frameRate?: number;
}

interface LadderAudio {
  readonly codec: string;
  readonly channels: number;
}

/**
 * `h264` and `aac` (AAC-LC) are kept as they are, whatever else there is is encoded: only of AAC-LC can pieces be made that
 * fit in, and not all players know the rest.
 */
export interface LadderSource {
  readonly video?: LadderVideo;
  readonly audio?: LadderAudio;
}

/** The publisher's own bits. */
export interface CopiedVideo {
  readonly id: string;
  readonly kind: 'video';
  readonly encoder: 'copy';
  /** Place of the input it is taken from; the first when absent. */
  readonly input?: number;
  readonly width: number;
  readonly height: number;
}

export interface EncodedVideo {
  readonly id: string;
  readonly kind: 'video';
  readonly encoder: 'h264';
  readonly width: number;
  readonly height: number;
  readonly bitrateKbps: number;
  readonly h264Profile: Flavor['h264Profile'];
}

export interface CopiedAudio {
  readonly id: string;
  readonly kind: 'audio';
  readonly encoder: 'copy';
}

export interface EncodedAudio {
  readonly id: string;
  readonly kind: 'audio';
  readonly encoder: 'aac';
  readonly bitrateKbps: number;
  readonly channels: 1 | 2;
}

/** One track ffmpeg is to make. */
export type OutputTrack = CopiedVideo | EncodedVideo | CopiedAudio | EncodedAudio;

/**
 * What is made of a source: `v0` at its own size, if it is to be kept, `v1` … smaller or equal, `a0`. Video first, source before flavors.
 * The pictures of sources `beside` it are kept as they are, where they can be.
 */
export function planLadder(
  source: LadderSource,
  profile: Profile,
  beside: readonly LadderSource[] = [],
): OutputTrack[] {
  const tracks: OutputTrack[] = [];
  if (source.video) {
    const flavors = flavorTracks(source.video, profile.flavors);
    if (profile.keepsSource || flavors.length === 0) tracks.push(sourceTrack(source.video));
    tracks.push(...flavors);
  }
  for (const [index, { video }] of beside.entries()) {
    if (video?.codec !== 'h264') continue;
    const { width, height } = video;
    tracks.push({ id: `v${tracks.length}`, kind: 'video', encoder: 'copy', input: index + 1, width, height });
  }
  if (source.audio) tracks.push(audioTrack(source.audio, profile.audioBitrateKbps));
  return tracks;
}

function sourceTrack(video: LadderVideo): CopiedVideo | EncodedVideo {
  const { codec, width, height } = video;
  if (codec === 'h264') return { id: 'v0', kind: 'video', encoder: 'copy', width, height };
  return {
    id: 'v0',
    kind: 'video',
    encoder: 'h264',
    width: evenBelow(width),
    height: evenBelow(height),
    bitrateKbps: bitrateKbpsFor(video),
    h264Profile: 'high',
  };
}

function flavorTracks(video: LadderVideo, flavors: readonly Flavor[]): EncodedVideo[] {
  const tracks: EncodedVideo[] = [];
  for (const { width, height, videoBitrateKbps, h264Profile } of flavors) {
    const size = fit(video, width, height);
    const twin = tracks.some(
      (track) => track.bitrateKbps === videoBitrateKbps && track.width === size.width && track.height === size.height,
    );
    if (twin) continue;
    const id = `v${tracks.length + 1}`;
    tracks.push({ id, kind: 'video', encoder: 'h264', ...size, bitrateKbps: videoBitrateKbps, h264Profile });
  }
  return tracks;
}

/** Bounds are written for a picture that lies; one that stands turns them. 0 is no bound. */
function fit(video: LadderVideo, maxWidth: number, maxHeight: number): { width: number; height: number } {
  const stands = video.height > video.width;
  const [boundX, boundY] = stands ? [maxHeight, maxWidth] : [maxWidth, maxHeight];
  const scale = Math.min(1, boundX > 0 ? boundX / video.width : 1, boundY > 0 ? boundY / video.height : 1);
  const even = (side: number) => Math.max(2, Math.min(evenBelow(side), Math.round((side * scale) / 2) * 2));
  return { width: even(video.width), height: even(video.height) };
}

/** 4:2:0 halves both sides. */
function evenBelow(side: number): number {
  return Math.max(2, Math.floor(side / 2) * 2);
}

/** 0.08 bit per pixel looks like the camera at 720p30 (2.2 Mbit/s) and is what 1080p30 encoders are told to send. */
export function bitrateKbpsFor({ width, height, frameRate = 30 }: Omit<LadderVideo, 'codec'>): number {
  const framesPerSecond = Math.min(60, Math.max(10, frameRate));
  return Math.round(Math.min(8000, Math.max(200, (width * height * framesPerSecond * 0.08) / 1000)));
}

function audioTrack(audio: LadderAudio, bitrateKbps: number): CopiedAudio | EncodedAudio {
  if (audio.codec === 'aac') return { id: 'a0', kind: 'audio', encoder: 'copy' };
  return { id: 'a0', kind: 'audio', encoder: 'aac', bitrateKbps, channels: audio.channels === 1 ? 1 : 2 };
}
