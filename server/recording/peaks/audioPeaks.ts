import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import { RecentlyUsed } from '../../media/recentlyUsed.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { Making, PictureMaker } from '../pictures/pictureMaker.ts';
import type { PlayingTimelines } from '../pictures/playingTimelines.ts';
import { coveringIndex, extentOf } from '../pictures/stretch.ts';
import { binMs, blockMs, PeakBins } from './peakBins.ts';
import { makePeakBlock } from './peakBlock.ts';

/** Positions count from the start of what the entry plays now. */
export interface PeaksRequest {
  readonly entryId: string;
  readonly fromMs: number;
  /** Default: the end. */
  readonly toMs?: number;
  readonly points: number;
}

/** A waveform: for each point the lowest and highest sample, -128 to 127; null where there is no sound, or none known yet. */
export interface Peaks {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of all that the entry plays now. */
  readonly durationMs: number;
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  /** False while some of it is still to be made; ask again. */
  readonly complete: boolean;
}

/** A request waits for what is made meanwhile, and answers with what there is. */
const patienceMs = 1500;
const mostAtOnce = 2;
/** No broadcast is recorded for longer. */
const longestMs = 26 * 3_600_000;
const memoryBytes = 8 * 1024 * 1024;

/** Waveforms of entries: decoded once, a minute at a time, and kept as small blocks. */
export class AudioPeaks {
  readonly #maker: PictureMaker;
  readonly #timelines: PlayingTimelines;
  readonly #now: () => number;
  readonly #blocks = new RecentlyUsed<PeakBins>(memoryBytes, ({ bytes }) => bytes.length);

  constructor(parts: { maker: PictureMaker; timelines: PlayingTimelines; now: () => number }) {
    this.#maker = parts.maker;
    this.#timelines = parts.timelines;
    this.#now = parts.now;
  }

  async peaks({ entryId, fromMs, toMs: until, points }: PeaksRequest): Promise<Peaks | Refusal> {
    const timeline = await this.#timelines.playing(entryId);
    const extent = timeline && extentOf({ segments: timeline.segments, growing: [] });
    if (!timeline || !extent) return refuse('notLive');
    const durationMs = Math.round(extent.endMs - extent.startMs);
    const toMs = until ?? durationMs;
    if (toMs <= fromMs || toMs - fromMs > longestMs) return refuse('badRequest', 'The range is empty or too long.');
    const range = { startMs: extent.startMs + fromMs, endMs: extent.startMs + toMs };
    const blocks = await this.#readBlocks(timeline, blocksWithMedia(timeline, range.startMs, range.endMs));
    const known = [...blocks.values()];
    const values = Array.from({ length: points }, (_, point) => {
      const at = (share: number) => range.startMs + ((toMs - fromMs) * share) / points;
      return peakBetween(blocks, at(point), at(point + 1));
    });
    return {
      fromMs,
      toMs,
      durationMs,
      min: values.map((value) => value?.min ?? null),
      max: values.map((value) => value?.max ?? null),
      complete: known.every(Boolean),
    };
  }

  /** What is kept at once; the rest is made while the patience lasts. */
  async #readBlocks(timeline: TimelineReader, numbers: number[]): Promise<Map<number, PeakBins | undefined>> {
    const blocks = new Map<number, PeakBins | undefined>();
    const missing: number[] = [];
    for (const number of numbers) {
      const kept = await this.#keptBlock(timeline, number);
      blocks.set(number, kept);
      if (!kept) missing.push(number);
    }
    const untilMs = this.#now() + patienceMs;
    const makeMore = async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        const leftMs = untilMs - this.#now();
        if (leftMs <= 0) return;
        blocks.set(number, await within(leftMs, this.#makeBlock(timeline, number)));
      }
    };
    await Promise.all(Array.from({ length: mostAtOnce }, makeMore));
    return blocks;
  }

  async #keptBlock(timeline: TimelineReader, number: number): Promise<PeakBins | undefined> {
    const making = this.#making(timeline, number);
    const recent = this.#blocks.get(making.key);
    if (recent) return recent;
    const bytes = await this.#maker.kept(making);
    return bytes && this.#remember(making.key, bytes);
  }

  /** Undefined when there is too much to do. */
  async #makeBlock(timeline: TimelineReader, number: number): Promise<PeakBins | undefined> {
    const making = this.#making(timeline, number);
    const made = await this.#maker.obtain(making);
    return isRefusal(made) ? undefined : this.#remember(making.key, made.bytes);
  }

  #remember(key: string, bytes: Buffer): PeakBins {
    const kept = this.#blocks.get(key);
    if (kept) return kept;
    const bins = new PeakBins(new Int8Array(bytes));
    this.#blocks.add(key, bins);
    return bins;
  }

  #making(timeline: TimelineReader, number: number): Making {
    const last = timeline.segments.at(-1);
    const isWhole = last !== undefined && last.startMs + last.durationMs >= (number + 1) * blockMs;
    return {
      entryId: timeline.entryId,
      // What still grows is another one with each segment.
      key: `peaks ${timeline.id} ${number} ${isWhole ? 'whole' : last?.sequence}`,
      suffix: 'peaks',
      keep: isWhole || timeline.ended ? 'disk' : 'memory',
      make: async (run) => Buffer.from((await makePeakBlock(timeline, number, run)).bytes.buffer),
    };
  }
}

/** The numbers of the blocks within a range that have a segment. */
function blocksWithMedia({ segments }: TimelineReader, startMs: number, endMs: number): number[] {
  const numbers: number[] = [];
  for (let number = Math.floor(startMs / blockMs); number * blockMs < endMs; number++) {
    const index = coveringIndex(segments, number * blockMs);
    if (index === undefined) break;
    if (segments[index]!.startMs < (number + 1) * blockMs) numbers.push(number);
  }
  return numbers;
}

function peakBetween(blocks: ReadonlyMap<number, PeakBins | undefined>, fromMs: number, toMs: number) {
  let peak: { min: number; max: number } | undefined;
  // A point shorter than a bin shows the bin it is in.
  const firstBin = Math.floor(fromMs / binMs);
  const endBin = Math.max(firstBin + 1, Math.floor(toMs / binMs));
  const perBlock = blockMs / binMs;
  for (let number = Math.floor(firstBin / perBlock); number * perBlock < endBin; number++) {
    const found = blocks.get(number)?.range(firstBin - number * perBlock, endBin - number * perBlock);
    if (found) peak = peak ? { min: Math.min(peak.min, found.min), max: Math.max(peak.max, found.max) } : found;
  }
  return peak;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
