import { readInit, type InitSegment } from '../../media/mp4/initSegment.ts';
import { readFragment } from '../../media/mp4/mediaFragment.ts';
import { Mp4Splitter, type Mp4Unit } from '../../media/mp4/mp4Splitter.ts';
import { Fifo } from '../../media/fifo.ts';

/** A track that is this far behind has a hole, and is not waited for. */
const longestWaitMs = 60_000;
const maxHeldBytes = 64e6;
/** Before all media. All of them are given out together. */
const initAtMs = -1;

interface Held {
  readonly atMs: number;
  readonly data: Uint8Array;
}

interface InputTrack {
  readonly splitter: Mp4Splitter;
  readonly held: Fifo<Held>;
  init: InitSegment | undefined;
  ended: boolean;
}

/**
 * Puts what comes out of several pipes into the order of its time. Faster than it is played, a pipe may hold many seconds
 * of one track before anything is read of another one.
 */
export class TrackInterleaver {
  readonly #tracks: readonly InputTrack[];
  readonly #release: (track: number, data: Uint8Array) => void;
  #heldBytes = 0;
  #latestMs = 0;

  constructor(tracks: number, release: (track: number, data: Uint8Array) => void) {
    this.#tracks = Array.from({ length: tracks }, () => ({
      splitter: new Mp4Splitter(),
      held: new Fifo<Held>(),
      init: undefined,
      ended: false,
    }));
    this.#release = release;
  }

  /** Bytes of a track. Throws `Mp4Error` when they are not what they should be. */
  push(track: number, chunk: Uint8Array): void {
    const input = this.#tracks[track]!;
    for (const unit of input.splitter.push(chunk)) {
      const atMs = timeOf(input, unit);
      input.held.push({ atMs, data: unit.data });
      this.#heldBytes += unit.data.length;
      this.#latestMs = Math.max(this.#latestMs, atMs);
    }
    this.#releaseDue();
  }

  /** There is no more of it. */
  end(track: number): void {
    this.#tracks[track]!.ended = true;
    this.#releaseDue();
  }

  #releaseDue(): void {
    for (let next = this.#earliest(); next; next = this.#earliest()) {
      const { atMs } = next.input.held.first!;
      const isInit = atMs === initAtMs;
      const isWaitedFor = this.#tracks.some(({ held, init, ended }) => !ended && (isInit ? !init : held.length === 0));
      const isFull = this.#heldBytes > maxHeldBytes || this.#latestMs - Math.max(0, atMs) > longestWaitMs;
      if (isWaitedFor && !isFull) return;
      const { data } = next.input.held.shift()!;
      this.#heldBytes -= data.length;
      this.#release(next.track, data);
    }
  }

  #earliest(): { readonly input: InputTrack; readonly track: number } | undefined {
    let earliest: { readonly input: InputTrack; readonly track: number } | undefined;
    for (const [track, input] of this.#tracks.entries()) {
      const { first } = input.held;
      if (first && (!earliest || first.atMs < earliest.input.held.first!.atMs)) earliest = { input, track };
    }
    return earliest;
  }
}

function timeOf(input: InputTrack, { type, data }: Mp4Unit): number {
  if (type === 'init' || !input.init) {
    input.init = readInit(data);
    return initAtMs;
  }
  return (readFragment(data, input.init).samples[0]!.decodeTicks * 1000) / input.init.timescale;
}
