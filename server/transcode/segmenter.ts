/** A fragment as far as boundaries are concerned: one frame, so that a boundary need never cut it. */
export interface TimedFragment {
  readonly startMs: number;
  readonly endMs: number;
  /** Begins with a key frame. */
  readonly independent: boolean;
}

export type SegmenterEvent<F> =
  /** The first segment always begins a period. */
  | { readonly type: 'open'; readonly segment: number; readonly startMs: number; readonly newPeriod: boolean }
  | { readonly type: 'append'; readonly segment: number; readonly trackId: string; readonly fragment: F }
  | { readonly type: 'complete'; readonly segment: number };

export interface SegmentedTrack {
  readonly id: string;
  readonly kind: 'video' | 'audio';
}

interface TrackState<F> extends SegmentedTrack {
  /** Fragments whose segment is not certain yet. */
  held: F[];
  /** End of the last fragment received; -Infinity before the first segment that may hold it. */
  reachedMs: number;
  /** After a loss nothing is taken before the next key frame. */
  needsKeyFrame: boolean;
  /** Earlier segments are in a period that does not know the track. */
  readonly firstSegment: number;
  /** The last segment it is in. */
  lastSegment: number;
  /** Segments in a row that it has not begun with a key frame. */
  misaligned: number;
}

interface OpenSegment {
  readonly segment: number;
  readonly startMs: number;
}

/** Tracks of one ffmpeg agree within a millisecond; no audio frame is shorter than two of these. */
const toleranceMs = 5;
/** A track this far behind the others is taken to be silent. */
const silentAfterMs = 3000;
/** Segments in a row without a key frame at their beginning that show that there will be none. */
const misalignedAfter = 3;
/** In segment durations: a key frame ends a segment from here on. */
const shortestSegment = 0.75;
/** In segment durations: where no key frame comes, it ends all the same. */
const longestSegment = 15;
/** In segment durations: a reference track this far behind the others no longer decides, though it still comes. */
const stalledAfter = 3;
/** What goes on without the reference stays so far behind its end, so that the reference can return in between. */
const returnMarginMs = 200;
/** In segment durations: what is left of sound at the end gets no segment of its own when it is shorter. */
const shortestLast = 0.2;

/**
 * Decides segment boundaries once for all tracks: at key frames of the reference track, which is the first video track,
 * or the audio when there is none. Fragments of the other tracks go by their time and wait until it is certain.
 */
export class Segmenter<F extends TimedFragment> {
  /** Fragments that came too late for their segment, and those that cannot be decoded after such a loss. */
  dropped = 0;
  /** Tracks that, again and again, have no key frame where segments begin. */
  readonly misaligned = new Set<string>();
  readonly #segmentMs: number;
  readonly #tracks = new Map<string, TrackState<F>>();
  #reference: TrackState<F>;
  /** Oldest first; never empty once the first is open. */
  #open: OpenSegment[] = [];
  #segments = 0;
  /** Boundaries before this time are all known. */
  #horizonMs = -Infinity;
  /** Where the last segment begins, or a reference that came later, or comes again, may begin. */
  #referenceFromMs = -Infinity;
  /** How far the others had come when the reference last sent something. */
  #heardAtMs = -Infinity;
  /** The others go on without the reference, until its next key frame. */
  #stalled = false;
  #newPeriod = true;
  #events: SegmenterEvent<F>[] = [];

  constructor(segmentMs: number, tracks: readonly SegmentedTrack[]) {
    this.#segmentMs = segmentMs;
    for (const track of tracks) this.#add(track);
    this.#reference = this.#chooseReference();
  }

  /** For a track that came later; a new period begins with it at the reference's next key frame. */
  addTrack(track: SegmentedTrack): void {
    this.#add(track);
    const reference = this.#chooseReference();
    if (reference !== this.#reference) {
      this.#referenceFromMs = this.#horizonMs;
      this.#heardAtMs = -Infinity;
      this.#stalled = false;
    }
    this.#reference = reference;
    this.#newPeriod = true;
  }

  /** The next fragment of a track. With `newPeriod`, one begins at this or the reference's next key frame. */
  push(trackId: string, fragment: F, newPeriod = false): SegmenterEvent<F>[] {
    const track = this.#tracks.get(trackId);
    if (!track) throw new RangeError(`no track ${trackId}`);
    this.#newPeriod ||= newPeriod;
    if (track === this.#reference) this.#pushReference(track, fragment);
    else track.held.push(fragment);
    track.reachedMs = Math.max(track.reachedMs, fragment.endMs);
    if (track === this.#reference) this.#heardAtMs = this.#othersReachedMs();
    this.#placeHeld();
    this.#passStalledReference();
    this.#completeSegments();
    return this.#takeEvents();
  }

  /** Nothing more will come: what is held is placed, in segments by the clock, and every segment completed. */
  flush(): SegmenterEvent<F>[] {
    const latestMs = Math.max(...this.#held().map(({ endMs }) => endMs));
    const isBegun = this.#open.length > 0 && !this.#newPeriod;
    if (isBegun && latestMs > this.#horizonMs) this.#goOnUntil(latestMs - shortestLast * this.#segmentMs);
    this.#horizonMs = Infinity;
    this.#placeHeld();
    for (const { segment } of this.#open) this.#events.push({ type: 'complete', segment });
    this.#open = [];
    return this.#takeEvents();
  }

  #add({ id, kind }: SegmentedTrack): void {
    const firstSegment = this.#segments;
    this.#tracks.set(id, {
      id,
      kind,
      held: [],
      reachedMs: -Infinity,
      needsKeyFrame: true,
      firstSegment,
      lastSegment: -1,
      misaligned: 0,
    });
  }

  #chooseReference(): TrackState<F> {
    const tracks = [...this.#tracks.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const reference = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
    if (!reference) throw new RangeError('there has to be a track');
    return reference;
  }

  #takeEvents(): SegmenterEvent<F>[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #pushReference(track: TrackState<F>, fragment: F): void {
    const last = this.#open.at(-1);
    const late = fragment.startMs < this.#referenceFromMs - toleranceMs;
    if (late || (track.needsKeyFrame && !fragment.independent)) {
      this.#drop(track);
      return;
    }
    if (!last || this.#isDue(track, fragment, last)) this.#openSegment(fragment.startMs);
    this.#append(track, this.#open.at(-1)!, fragment);
    this.#horizonMs = Math.max(this.#horizonMs, fragment.endMs);
    this.#stalled = false;
  }

  #isDue(track: TrackState<F>, fragment: F, last: OpenSegment): boolean {
    const elapsedMs = fragment.startMs - last.startMs;
    if (!fragment.independent) return elapsedMs >= longestSegment * this.#segmentMs;
    if (this.#newPeriod) return true;
    if (track.needsKeyFrame) return elapsedMs > toleranceMs;
    // Audio may be cut before any fragment: before the one whose middle lies past the end.
    if (track.kind === 'audio') return elapsedMs + (fragment.endMs - fragment.startMs) / 2 >= this.#segmentMs;
    return elapsedMs >= shortestSegment * this.#segmentMs;
  }

  #openSegment(startMs: number): void {
    const segment = this.#segments++;
    this.#open.push({ segment, startMs });
    this.#events.push({ type: 'open', segment, startMs, newPeriod: this.#newPeriod });
    this.#newPeriod = false;
    this.#referenceFromMs = startMs;
    for (const track of this.#tracks.values()) if (track.reachedMs === -Infinity) track.reachedMs = startMs;
  }

  #placeHeld(): void {
    if (this.#open.length === 0) return;
    for (const track of this.#tracks.values()) {
      while (track.held.length > 0 && this.#place(track, track.held[0]!));
    }
  }

  /** Deals with a track's first held fragment, or leaves it for later. */
  #place(track: TrackState<F>, fragment: F): boolean {
    const index = this.#open.findLastIndex(({ startMs }) => startMs - toleranceMs <= fragment.startMs);
    const segment = this.#open[index];
    const next = this.#open[index + 1];
    if (!next && fragment.endMs > this.#horizonMs + toleranceMs) return false;
    track.held.shift();
    const tooEarly = !segment || segment.segment < track.firstSegment;
    if (tooEarly || (track.needsKeyFrame && !fragment.independent)) this.#drop(track);
    else this.#append(track, segment, fragment);
    return true;
  }

  #append(track: TrackState<F>, { segment }: OpenSegment, fragment: F): void {
    track.needsKeyFrame = false;
    this.#events.push({ type: 'append', segment, trackId: track.id, fragment });
    if (track.lastSegment !== segment && track !== this.#reference) this.#checkAlignment(track, fragment);
    track.lastSegment = segment;
  }

  #checkAlignment(track: TrackState<F>, fragment: F): void {
    track.misaligned = track.kind === 'video' && !fragment.independent ? track.misaligned + 1 : 0;
    if (track.misaligned >= misalignedAfter) this.misaligned.add(track.id);
  }

  #drop(track: TrackState<F>): void {
    this.dropped++;
    track.needsKeyFrame = true;
  }

  /** Lets the others go on, at their own pace, when the reference has stopped. */
  #passStalledReference(): void {
    const held = this.#held();
    if (held.length === 0) return;
    const latestMs = Math.max(...held.map(({ endMs }) => endMs));
    const knownMs = this.#open.length > 0 ? this.#horizonMs : Math.min(...held.map(({ startMs }) => startMs));
    const longestMs = stalledAfter * this.#segmentMs;
    this.#stalled ||= latestMs - knownMs > longestMs || this.#isSilent(latestMs, knownMs);
    // One that comes late is late again when it returns.
    const isLate = this.#heardAtMs > this.#reference.reachedMs;
    const lateMs = isLate ? Math.min(this.#heardAtMs - this.#reference.reachedMs, longestMs) : 0;
    if (this.#stalled) this.#goOnUntil(latestMs - lateMs - returnMarginMs);
  }

  /** The reference has sent nothing for a while. What has yet to begin may take longer. */
  #isSilent(latestMs: number, knownMs: number): boolean {
    return this.#reference.lastSegment >= 0 && latestMs - Math.max(knownMs, this.#heardAtMs) > silentAfterMs;
  }

  /** Places what is held, up to a time, in segments by the clock. */
  #goOnUntil(untilMs: number): void {
    for (;;) {
      const last = this.#open.at(-1);
      const dueMs = last ? Math.max(last.startMs + this.#segmentMs, this.#horizonMs) : -Infinity;
      // Where there is media from then on: should all tracks have paused, their pause gets no segments.
      const later = this.#held().filter(({ startMs }) => startMs >= dueMs - toleranceMs);
      const boundaryMs = Math.min(...later.map(({ startMs }) => Math.max(startMs, dueMs)));
      const isBoundary = boundaryMs <= untilMs;
      if (!isBoundary && untilMs <= this.#horizonMs) return;
      this.#horizonMs = isBoundary ? boundaryMs : untilMs;
      if (isBoundary) this.#openSegment(boundaryMs);
      this.#referenceFromMs = this.#horizonMs;
      this.#reference.needsKeyFrame = true;
      this.#placeHeld();
    }
  }

  #held(): F[] {
    return [...this.#tracks.values()].flatMap(({ held }) => held);
  }

  #othersReachedMs(): number {
    const others = [...this.#tracks.values()].filter((track) => track !== this.#reference);
    return Math.max(...others.map(({ reachedMs }) => reachedMs));
  }

  /** In order, each once every track has passed its end or is silent. */
  #completeSegments(): void {
    const tracks = [...this.#tracks.values()];
    const furthestMs = Math.max(...tracks.map(({ reachedMs }) => reachedMs));
    while (this.#open.length > 1) {
      const { segment } = this.#open[0]!;
      const endMs = this.#open[1]!.startMs - toleranceMs;
      const waiting = tracks.some(
        ({ reachedMs, firstSegment }) =>
          firstSegment <= segment && reachedMs < endMs && furthestMs - reachedMs <= silentAfterMs,
      );
      if (waiting) return;
      this.#open.shift();
      this.#events.push({ type: 'complete', segment });
    }
  }
}
