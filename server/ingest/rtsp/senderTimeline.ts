import { Unwrapper } from '../../media/rtp/wrapping.ts';

type Kind = 'audio' | 'video';

/** A step of a track's time beyond this, which took less on our clock, is another time base. */
const jumpMs = 10_000;
/** Sender reports that contradict the arrivals by more than this are of a clock that is not one. */
const implausibleMs = 5000;
/** What the sender's reports say is followed when it is off by more than this; less is not seen. */
const toleranceMs = 50;

interface TrackTime {
  readonly clockRate: number;
  readonly unwrapper: Unwrapper;
  /** Of this time base. */
  first?: { readonly ownMs: number; readonly arrivalMs: number };
  last?: { readonly ownMs: number; readonly arrivalMs: number };
  /** Came before the first packet. */
  earlyReport?: { readonly rtpTimestamp: number; readonly wallClockMs: number };
  /** The sender's wall clock minus own time. */
  reportedMs?: number;
  /** Added to the track's own milliseconds. */
  offsetMs?: number;
}

/**
 * Places one encoder's pictures and sound on one line of milliseconds: the first track by its arrival, the other beside it
 * as the sender reports say, or by its own arrival without them. Reports that come later move whichever track has to wait,
 * so that time never goes back.
 */
export class SenderTimeline {
  readonly #tracks: Readonly<Record<Kind, TrackTime>>;

  constructor(clockRates: Readonly<Record<Kind, number>>) {
    const track = (kind: Kind): TrackTime => ({ clockRate: clockRates[kind], unwrapper: new Unwrapper(32) });
    this.#tracks = { audio: track('audio'), video: track('video') };
  }

  /** Both tracks have come, and reports of both. */
  get isAgreed(): boolean {
    return this.#tracks.audio.reportedMs !== undefined && this.#tracks.video.reportedMs !== undefined;
  }

  /** The timestamp without its wraps. Call in the order of the stream. `jumped`: it does not go on from the one before. */
  follow(kind: Kind, timestamp: number, arrivalMs: number): { ticks: number; jumped: boolean } {
    const track = this.#tracks[kind];
    const ticks = track.unwrapper.unwrap(timestamp);
    const ownMs = (ticks * 1000) / track.clockRate;
    const jumped = track.last !== undefined && hasJumped(track.last, ownMs, arrivalMs);
    if (jumped) {
      track.first = track.reportedMs = track.offsetMs = undefined;
    }
    track.last = { ownMs, arrivalMs };
    track.first ??= track.last;
    if (track.earlyReport) {
      const { rtpTimestamp, wallClockMs } = track.earlyReport;
      track.earlyReport = undefined;
      this.report(kind, rtpTimestamp, wallClockMs);
    }
    return { ticks, jumped };
  }

  /** A sender report: the encoder's wall clock at an RTP timestamp. */
  report(kind: Kind, rtpTimestamp: number, wallClockMs: number): void {
    const track = this.#tracks[kind];
    if (!track.first) {
      track.earlyReport = { rtpTimestamp, wallClockMs };
      return;
    }
    track.reportedMs = wallClockMs - (track.unwrapper.near(rtpTimestamp) * 1000) / track.clockRate;
    this.#correct();
  }

  /** Milliseconds, with fractions, on the common line. */
  place(kind: Kind, ticks: number): number {
    const track = this.#tracks[kind];
    track.offsetMs ??= this.#align(track, this.#tracks[kind === 'audio' ? 'video' : 'audio']);
    return (ticks * 1000) / track.clockRate + track.offsetMs;
  }

  #align(track: TrackTime, other: TrackTime): number {
    const byArrivalMs = track.first ? track.first.arrivalMs - track.first.ownMs : 0;
    if (other.offsetMs === undefined || track.reportedMs === undefined || other.reportedMs === undefined)
      return byArrivalMs;
    const byReportsMs = other.offsetMs + track.reportedMs - other.reportedMs;
    return Math.abs(byReportsMs - byArrivalMs) < implausibleMs ? byReportsMs : byArrivalMs;
  }

  #correct(): void {
    const { audio, video } = this.#tracks;
    if (video.offsetMs === undefined || audio.offsetMs === undefined) return;
    if (video.reportedMs === undefined || audio.reportedMs === undefined) return;
    const lateMs = video.reportedMs - audio.reportedMs - (video.offsetMs - audio.offsetMs);
    if (Math.abs(lateMs) <= toleranceMs || Math.abs(lateMs) >= implausibleMs) return;
    if (lateMs > 0) video.offsetMs += lateMs;
    else audio.offsetMs -= lateMs;
  }
}

function hasJumped(last: { readonly ownMs: number; readonly arrivalMs: number }, ownMs: number, arrivalMs: number) {
  const passedMs = ownMs - last.ownMs;
  return Math.abs(passedMs) > jumpMs && Math.abs(passedMs - (arrivalMs - last.arrivalMs)) > jumpMs;
}
