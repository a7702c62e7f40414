/** A jump by more than this, either way, is another time base, whatever the wall clock says. */
const jumpMs = 10_000;

/**
 * So far back is no reordering: encoders send a track in the order of decoding, and relays mix up a few frames at most.
 * A relay that repeats a group of pictures, or a clock that is set right, goes back further.
 */
const backMs = 1000;

/**
 * A step by more than this is a jump if it also puts the media so much further ahead of the wall clock than they have ever
 * been; where the wall clock went on as well it is a pause. "Than ever", for what waited while the network stood still comes
 * all at once, and behind it the step of what the encoder dropped meanwhile: that only catches up. A file that is sent faster
 * than real time gets ahead by small steps. Two seconds, for pictures may come one by one in the second, and late.
 */
const aheadMs = 2000;

/** What the other track does when one has jumped is taken to be the same jump if that puts it this near to where it was. */
const joinMs = 5000;

/**
 * Where encoders begin again at 0: with the protocol's 32 bits (49.7 days), with FLV's signed ones as ffmpeg writes them
 * (24.9 days), or with 24 where extended timestamps are unknown (4.7 hours).
 */
const wraps = [2 ** 32, 2 ** 31, 2 ** 24] as const;

type Kind = 'video' | 'audio';

/** The last of a track. */
interface Placed {
  readonly timestamp: number;
  readonly lineMs: number;
  readonly arrivalMs: number;
  /** From the one before it. */
  readonly stepMs: number;
}

/**
 * Makes ever-growing times of milliseconds that wrap, one line for both kinds, and tells jumps from the passing of time. A
 * track that jumps takes the line with it. The other one follows by its arrival until it jumps likewise, which it mostly does
 * with its next frame; one that stays where it was so stays beside the first.
 */
export class MediaClock {
  readonly #last: { video?: Placed; audio?: Placed } = {};
  /** The track that is on another time base than the other one, and placed by arrival. */
  #apart: Kind | undefined;
  /** The furthest that media were ahead of the wall clock, since the last jump. */
  #mostAheadMs = -Infinity;

  /** Where something that comes beside the media belongs; undefined before any. */
  place(timestamp: number): number | undefined {
    const [nearest] = [this.#last.video, this.#last.audio]
      .filter((last) => last !== undefined)
      .map((last) => ({ last, passedMs: passed(last.timestamp, timestamp) }))
      .toSorted((a, b) => Math.abs(a.passedMs) - Math.abs(b.passedMs));
    return nearest && nearest.last.lineMs + nearest.passedMs;
  }

  /** `jumped`: this kind of media does not go on where it, or the other kind, was. */
  read(kind: Kind, timestamp: number, arrivalMs: number): { timestampMs: number; jumped: boolean } {
    const own = this.#last[kind];
    const { lineMs, jumped } = own
      ? this.#goOn(kind, own, timestamp, arrivalMs)
      : { lineMs: this.#begin(kind, timestamp, arrivalMs), jumped: false };
    this.#last[kind] = { timestamp, lineMs, arrivalMs, stepMs: own && !jumped ? Math.max(0, lineMs - own.lineMs) : 0 };
    this.#mostAheadMs = Math.max(jumped ? -Infinity : this.#mostAheadMs, lineMs - arrivalMs);
    return { timestampMs: lineMs, jumped };
  }

  #begin(kind: Kind, timestamp: number, arrivalMs: number): number {
    const other = this.#last[otherOf(kind)];
    if (!other) return timestamp;
    const stepMs = passed(other.timestamp, timestamp);
    const passedMs = Math.max(0, arrivalMs - other.arrivalMs);
    if (stepMs >= -jumpMs && stepMs <= passedMs + jumpMs) return other.lineMs + stepMs;
    this.#apart = kind;
    return other.lineMs + passedMs;
  }

  #goOn(kind: Kind, own: Placed, timestamp: number, arrivalMs: number): { lineMs: number; jumped: boolean } {
    const other = this.#last[otherOf(kind)];
    const lineMs = own.lineMs + passed(own.timestamp, timestamp);
    if (other && this.#apart) {
      const togetherMs = other.lineMs + passed(other.timestamp, timestamp);
      const offMs = implausibility(own, togetherMs, arrivalMs);
      if (offMs <= joinMs && offMs < implausibility(own, lineMs, arrivalMs)) {
        const jumped = this.#apart !== kind;
        this.#apart = undefined;
        return { lineMs: togetherMs, jumped };
      }
    }
    if (!this.#hasJumped(own, other, lineMs, arrivalMs)) return { lineMs, jumped: false };
    const expectedMs = latestPlausible(own, arrivalMs);
    if (this.#apart === kind) return { lineMs: expectedMs, jumped: true };
    if (other) this.#bringAlong(otherOf(kind), other, lineMs - expectedMs);
    return { lineMs, jumped: true };
  }

  #hasJumped(own: Placed, other: Placed | undefined, lineMs: number, arrivalMs: number): boolean {
    const stepMs = lineMs - own.lineMs;
    if (stepMs < -backMs) return true;
    if (stepMs > aheadMs && lineMs - arrivalMs > this.#mostAheadMs + aheadMs) return true;
    return stepMs > jumpMs && (!other || Math.abs(lineMs - other.lineMs) > jumpMs);
  }

  /** The line goes on elsewhere: so does the other track, on a time base of its own unless it was only a pause. */
  #bringAlong(kind: Kind, last: Placed, byMs: number): void {
    if (Math.abs(byMs) <= backMs) return;
    this.#last[kind] = { ...last, lineMs: last.lineMs + byMs };
    this.#apart = kind;
  }
}

function otherOf(kind: Kind): Kind {
  return kind === 'video' ? 'audio' : 'video';
}

/** Where a track is that goes on as it did, by the wall clock, or by its pace where it comes faster. */
function latestPlausible({ lineMs, arrivalMs: lastArrivalMs, stepMs }: Placed, arrivalMs: number): number {
  return lineMs + Math.max(arrivalMs - lastArrivalMs, stepMs);
}

/** How far a place is from where a track may be that goes on as it did. */
function implausibility(last: Placed, lineMs: number, arrivalMs: number): number {
  return Math.max(0, last.lineMs - lineMs, lineMs - latestPlausible(last, arrivalMs));
}

/** From one timestamp to the next, of whichever kind: across a wrap when that makes it a short time. */
function passed(last: number, next: number): number {
  const difference = next - last;
  for (const wrap of wraps) {
    const folded = difference - Math.round(difference / wrap) * wrap;
    // Only the two ends of one range are neighbours.
    if (Math.abs(folded) <= jumpMs && Math.max(last, next) < wrap) return folded;
  }
  return difference | 0;
}
