import type { CaptionService } from '../../shared/model/captions.ts';

/** Codecs a publisher may send. Which of them can be stored without re-encoding is decided in `transcode/`. */
export type VideoCodec = 'h264' | 'vp8';
/** `aac` is AAC-LC; `heAac` adds spectral band replication, and may add parametric stereo. */
export type AudioCodec = 'aac' | 'heAac' | 'otherAac' | 'mp3' | 'opus';

/** The video a publisher sends, as read from its own headers. */
export interface SourceVideo {
  readonly codec: VideoCodec;
  readonly width: number;
  readonly height: number;
  /** Frames per second as announced; undefined when the publisher does not say. */
  readonly frameRate?: number;
}

/** The audio a publisher sends. */
export interface SourceAudio {
  readonly codec: AudioCodec;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
}

/** At least one of the two is there. */
export interface SourceTracks {
  readonly video?: SourceVideo;
  readonly audio?: SourceAudio;
}

interface TrackBase {
  /** `v0` (the source's picture), `v1` … (renditions), `a0`, `t1` …: `[a-z0-9]+`, stable over periods, used in URLs. */
  readonly id: string;
  /** RFC 6381, e.g. `avc1.64001f`, `mp4a.40.2`. */
  readonly codec: string;
  /** Ticks per second of this track's media time. */
  readonly timescale: number;
  /** Nominal bits per second (for the source: as measured or announced). */
  readonly bitrateBps: number;
}

export interface VideoTrack extends TrackBase {
  readonly kind: 'video';
  readonly width: number;
  readonly height: number;
  /** Frames per second; 0 when not known. */
  readonly frameRate: number;
  /** Inside the picture; absent where there are none. The same on every rendition of a period. */
  readonly captions?: readonly CaptionService[];
}

export interface AudioTrack extends TrackBase {
  readonly kind: 'audio';
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
}

/** WebVTT, with media in each segment, be it to say that there is nothing to be read. */
export interface TextTrack extends TrackBase {
  readonly kind: 'text';
  /** BCP 47 */
  readonly language: string;
  /** For a menu; each text track of a period has its own. */
  readonly label: string;
}

/** A stored track: a video rendition, the audio or captions, each alone in its CMAF files. */
export type Track = VideoTrack | AudioTrack | TextTrack;
