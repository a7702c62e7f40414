import { Unwrapper } from '../../media/rtp/wrapping.ts';

type Kind = 'audio' | 'video';

/** Offsets closer than this to where they should be are left alone. */
const toleranceMs = 2;
/** Larger differences are made up by a gap in the track that is behind, not by slewing. */
const stepMs = 250;
/** Share of the passing time by which the picture is moved towards the sound. */
const slewRate = 0.05;
/** A step of a track's time against the clock on the wall beyond this is another time base. */
const jumpMs = 10_000;
/** How long the quickest arrival counts. */
const arrivalWindowMs = 10_000;

interface TrackTime {
  readonly clockRate: number;
  unwrapper: Unwrapper;
  /** Added to the track's own milliseconds. */
  offsetMs?: number;
  /** Arrival minus own time of the quickest packet, of this window and the one before. */
  quickestMs: number;
  quickestBeforeMs: number;
  windowStartMs: number;
  /** The publisher's wall clock minus own time, from its sender reports. */
  reportedMs?: number;
  lastMs?: number;
  lastArrivalMs?: number;
}

/**
 * Places a publisher's audio and video on one time line. Sound keeps its pace and the picture follows it: by the
 * publisher's sender reports as soon as both tracks have one (a browser's audio takes 2.5 s), until then by the quickest
 * arrival of each, which is right to within some 20 ms. Corrections are slewed once a reader depends on them.
 */
export class PresentationClock {
  readonly #tracks: Record<Kind, TrackTime>;
  #held = false;

  constructor(clockRates: Readonly<Record<Kind, number>>) {
    this.#tracks = { audio: newTrack(clockRates.audio), video: newTrack(clockRates.video) };
  }

  /** Someone reads: from now on time must not be moved abruptly. */
  hold(): void {
    this.#held = true;
  }

  /** Milliseconds, with fractions, on the common time line. Call in the order of the stream. */
  place(kind: Kind, timestamp: number, arrivalMs: number): number {
    const track = this.#tracks[kind];
    const ownMs = (track.unwrapper.unwrap(timestamp) * 1000) / track.clockRate;
    if (this.#hasJumped(track, ownMs, arrivalMs)) forget(track);
    noteArrival(track, arrivalMs - ownMs, arrivalMs);
    track.offsetMs ??= arrivalMs - ownMs;
    if (kind === 'audio' && !this.#held) track.offsetMs = quickest(track);
    if (kind === 'video') this.#follow(ownMs + track.offsetMs - (track.lastMs ?? ownMs + track.offsetMs));
    const placedMs = ownMs + track.offsetMs;
    track.lastMs = placedMs;
    track.lastArrivalMs = arrivalMs;
    return placedMs;
  }

  /** A sender report: the publisher's wall clock at an RTP timestamp. */
  report(kind: Kind, rtpTimestamp: number, wallClockMs: number): void {
    const track = this.#tracks[kind];
    if (track.lastMs === undefined) return;
    const ownMs = (track.unwrapper.near(rtpTimestamp) * 1000) / track.clockRate;
    track.reportedMs = wallClockMs - ownMs;
  }

  #hasJumped(track: TrackTime, ownMs: number, arrivalMs: number): boolean {
    const { lastMs, lastArrivalMs, offsetMs } = track;
    if (lastMs === undefined || lastArrivalMs === undefined || offsetMs === undefined) return false;
    return Math.abs(ownMs + offsetMs - lastMs - (arrivalMs - lastArrivalMs)) > jumpMs;
  }

  /** Moves the picture towards where the sound says it belongs. */
  #follow(elapsedMs: number): void {
    const { audio, video } = this.#tracks;
    if (audio.offsetMs === undefined || video.offsetMs === undefined) {
      if (!this.#held) video.offsetMs = quickest(video);
      return;
    }
    const differenceMs = audio.offsetMs + distance(video, audio) - video.offsetMs;
    if (Math.abs(differenceMs) <= toleranceMs) return;
    if (!this.#held) video.offsetMs += differenceMs;
    else if (differenceMs > stepMs) video.offsetMs += differenceMs;
    else if (differenceMs < -stepMs) audio.offsetMs -= differenceMs;
    else {
      const limitMs = Math.max(0, elapsedMs) * slewRate;
      video.offsetMs += Math.max(-limitMs, Math.min(limitMs, differenceMs));
    }
  }
}

function newTrack(clockRate: number): TrackTime {
  return {
    clockRate,
    unwrapper: new Unwrapper(32),
    quickestMs: Infinity,
    quickestBeforeMs: Infinity,
    windowStartMs: -Infinity,
  };
}

function forget(track: TrackTime): void {
  track.offsetMs = undefined;
  track.reportedMs = undefined;
  track.quickestMs = Infinity;
  track.quickestBeforeMs = Infinity;
  track.lastMs = undefined;
}

function noteArrival(track: TrackTime, delayMs: number, arrivalMs: number): void {
  if (arrivalMs - track.windowStartMs > arrivalWindowMs) {
    track.windowStartMs = arrivalMs;
    track.quickestBeforeMs = track.quickestMs;
    track.quickestMs = delayMs;
  } else track.quickestMs = Math.min(track.quickestMs, delayMs);
}

function quickest(track: TrackTime): number {
  return Math.min(track.quickestMs, track.quickestBeforeMs);
}

/** How much later than `b` the track `a` lies, own times compared. */
function distance(a: TrackTime, b: TrackTime): number {
  return a.reportedMs !== undefined && b.reportedMs !== undefined
    ? a.reportedMs - b.reportedMs
    : quickest(a) - quickest(b);
}
