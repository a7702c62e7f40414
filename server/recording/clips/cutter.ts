import type { Logger } from '../../log.ts';
import { refuse, type Refusal } from '../../errors.ts';
import type { SegmentRange, SegmentStore } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { findCutPoint, findCutPointAfter, type CutPoint, type CutPointFailure } from './cutPoint.ts';
import { planCut, type CutStep } from './cutPlan.ts';
import { makePiece, type TaskRunner } from './makePiece.ts';
import { presentPosition } from './mediaClock.ts';
import { hasSource, originMs, untilStored } from './mediaSpan.ts';
import { isLost } from './missingMedia.ts';
import { decodedFrom } from './pieceTrack.ts';
import { segmentTimes } from './segmentTimes.ts';
import { beginWithSound, endWithSound } from './soundAtBoundary.ts';
import { storePiece } from './storePiece.ts';

/** Their media are held in memory; each has an ffmpeg of its own. */
const piecesAtOnce = 3;

export interface CutterParts {
  readonly store: SegmentStore;
  readonly tasks: TaskRunner;
  readonly log: Logger;
}

/** A part of what an entry plays, in ms on the scale of `originMs`. */
export interface CutRange {
  readonly inMs: number;
  /** Not included; or else `lastMs`. */
  readonly outMs?: number;
  /** The frame that is on the screen then is the last. */
  readonly lastMs?: number;
  /** Unix ms of what is 0, by the clock of the media at `inMs`, if they are to be those whatever the entry plays meanwhile. */
  readonly epochMs?: number;
}

export interface CutRequest extends CutRange {
  readonly timeline: TimelineReader;
}

/** A part that can be cut: its frames are known, nothing has been made yet. */
export interface PlannedCut {
  readonly timeline: TimelineReader;
  readonly steps: readonly CutStep[];
  readonly durationMs: number;
  /** As it is counted now; `outMs` not included. */
  readonly range: { readonly inMs: number; readonly outMs: number };
}

/** Cuts timelines to the frame: what is whole is shared, what begins or ends within a segment is encoded anew. */
export class Cutter {
  readonly #store: SegmentStore;
  readonly #tasks: TaskRunner;
  readonly #log: Logger;

  constructor({ store, tasks, log }: CutterParts) {
    this.#store = store;
    this.#tasks = tasks;
    this.#log = log;
  }

  /** Finds the frames. Waits a moment where the end of a live part is only just being stored. */
  async plan({ timeline, ...asked }: CutRequest): Promise<PlannedCut | Refusal> {
    const { outMs: askedOutMs = NaN, lastMs, epochMs } = asked;
    if (!(lastMs === undefined ? asked.inMs < askedOutMs : asked.inMs <= lastMs)) return refuse('clipRangeEmpty');
    if (timeline.segments.length === 0 && timeline.growing.length === 0) return refuse('notLive');
    if (!hasSource(timeline)) return refuse('sourceFlavorMissing');
    const origin = originMs(timeline);
    const inMs =
      epochMs === undefined ? asked.inMs : presentPosition(timeline, origin, { positionMs: asked.inMs, epochMs });
    if (inMs === undefined) return refusePoint('in', outside(timeline), origin);
    const endMs = (lastMs ?? askedOutMs) + inMs - asked.inMs;
    await untilStored(timeline, origin + endMs);
    const from = await findCutPoint(timeline, origin + inMs);
    if ('failure' in from) return refusePoint('in', from, origin);
    const to = await (lastMs === undefined ? findCutPoint : findCutPointAfter)(timeline, origin + endMs);
    if ('failure' in to) return refusePoint('out', to, origin);
    if (!isBefore(from, to)) return refuse('clipRangeEmpty');
    const steps = planCut(timeline, beginWithSound(timeline, from), endWithSound(timeline, to));
    const outMs = lastMs === undefined ? endMs : to.atMs - origin;
    return { timeline, steps, durationMs: durationOf(timeline, from, to), range: { inMs, outMs } };
  }

  /**
   * Makes what has to be made for the parts, in their order, and tells what they are put together of. Until it is composed, or
   * given up by `release`, all of it is kept under the owner's name, whatever becomes of where it came from.
   */
  async make(ownerId: string, parts: readonly PlannedCut[], signal?: AbortSignal): Promise<SegmentRange[] | Refusal> {
    const needed = parts.flatMap(({ timeline, steps }) => this.#needed(timeline, steps));
    if (needed.some((ranges) => ranges.length === 0)) return refuse('clipSourceGone');
    await this.#store.compose(ownerId, ownerId, needed.flat());
    const steps = parts.flatMap(({ timeline, steps: own }, part) =>
      own.map((step, index) => ({
        timeline,
        step,
        edges: { isFirst: part + index === 0, isStart: index === 0, isEnd: index === own.length - 1 },
      })),
    );
    const make = async ({ timeline, step, edges }: (typeof steps)[number], index: number) => {
      if (step.type === 'shared') return this.#store.rangesOf(timeline, step.first, step.end);
      const tracks = await makePiece(this.#tasks, { timeline, piece: step, edges, signal });
      const place = { id: `${ownerId}_${index}`, ownerId };
      return [await storePiece(this.#store, place, { timeline, piece: step }, tracks)];
    };
    const ranges = await eachOf(steps, piecesAtOnce, make);
    if (ranges.some((made) => made.length === 0)) return refuse('clipSourceGone');
    return ranges.flat();
  }

  /** What was made for an owner stays only as far as it was composed meanwhile. */
  async release(ownerId: string): Promise<void> {
    await this.#store.decompose(ownerId);
    await this.#store.deleteEntry(ownerId);
    this.#log.debug({ ownerId }, 'what a cut was made with is let go');
  }

  /** Everything that will be read, or shared: pieces are decoded from before their first segment, and their sound goes on after it. */
  #needed(timeline: TimelineReader, steps: readonly CutStep[]): (readonly SegmentRange[])[] {
    const { segments } = timeline;
    const oldest = segments[0]?.sequence ?? 0;
    const newest = segments.at(-1)?.sequence ?? 0;
    return steps.map((step) => {
      if (step.type === 'shared') return this.#store.rangesOf(timeline, step.first, step.end);
      const first = Math.max(oldest, decodedFrom(timeline, step));
      return this.#store.rangesOf(timeline, first, Math.min(newest + 1, step.end + 1));
    });
  }
}

function isBefore(from: CutPoint, to: CutPoint): boolean {
  return from.sequence < to.sequence || (from.sequence === to.sequence && !to.isBoundary && from.atMs < to.atMs);
}

function outside(timeline: TimelineReader): CutPointFailure {
  const [first, last] = [timeline.segments[0], timeline.segments.at(-1)];
  if (!first || !last) return { failure: 'gone' };
  const { startMs } = segmentTimes(timeline, first);
  return { failure: 'outside', startMs, endMs: segmentTimes(timeline, last).endMs };
}

function refusePoint(which: 'in' | 'out', failure: CutPointFailure, origin: number): Refusal {
  if (failure.failure === 'gone') return refuse('clipSourceGone');
  const details = { point: which, startMs: failure.startMs - origin, endMs: failure.endMs - origin };
  return refuse(failure.failure === 'gap' ? 'clipPointInGap' : 'clipPointOutside', undefined, details);
}

/** Without the gaps, which are not played. */
function durationOf(timeline: TimelineReader, from: CutPoint, to: CutPoint): number {
  const { segments } = timeline;
  const oldest = segments[0]!.sequence;
  let durationMs = 0;
  for (const segment of segments.slice(from.sequence - oldest, to.sequence - oldest + 1)) {
    if (isLost(segment)) continue;
    const { startMs, endMs } = segmentTimes(timeline, segment);
    const beginMs = segment.sequence === from.sequence && !from.isBoundary ? from.atMs : startMs;
    const untilMs = segment.sequence === to.sequence ? (to.isBoundary ? startMs : to.atMs) : endMs;
    durationMs += Math.max(0, untilMs - beginMs);
  }
  return durationMs;
}

/** Like Promise.all, with only some at a time, and with none left running when one fails. */
async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const runner = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await work(items[index]!, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, runner));
  for (const result of ended) if (result.status === 'rejected') throw result.reason;
  return results;
}
