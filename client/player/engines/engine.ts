import type { Playback } from '../../../shared/model/entry.ts';

/** One step of the quality ladder, as the viewer sees it. */
export interface Quality {
  readonly id: number;
  readonly height: number;
  readonly bitrateBps: number;
}

export interface TextTrackChoice {
  readonly id: number;
  readonly label: string;
}

/** What an engine tells the player. */
export interface EngineListener {
  /** Qualities, text tracks or the one in use changed. */
  choicesChanged(): void;
  /** There is more to choose from now than this engine knows of: one that is started anew will. */
  outdated(): void;
  /** Playback cannot go on; the player decides whether to start again. The message is for people. */
  failed(message: string): void;
}

/** A playback library behind one face: the controls cannot tell which one it is. */
export interface Engine {
  readonly name: EngineName;
  readonly live: boolean;
  readonly qualities: readonly Quality[];
  /** The quality on screen now. */
  readonly shownQuality: Quality | undefined;
  readonly automatic: boolean;
  /** Undefined chooses by bandwidth. */
  selectQuality(id: number | undefined): void;
  readonly textTracks: readonly TextTrackChoice[];
  readonly shownTextTrack: number | undefined;
  selectTextTrack(id: number | undefined): void;
  /** Seconds on the media element's time line where a viewer who wants "live" should be. */
  readonly livePosition: number;
  /** Unix ms of what is at a place of the media element's time line; undefined where nothing says so. */
  wallClockAt(seconds: number): number | undefined;
  destroy(): Promise<void>;
}

export type EngineName = 'shaka' | 'hlsjs';

/** Resolves once the manifest has been read; rejects with a sentence when it cannot be played. */
export type StartEngine = (
  video: HTMLVideoElement,
  playback: Pick<Playback, 'hls' | 'dash'>,
  listener: EngineListener,
) => Promise<Engine>;
