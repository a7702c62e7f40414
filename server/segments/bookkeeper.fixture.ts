import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { writeFragment } from '../media/mp4/writeFragment.ts';
import { openStore, type OpenedStore } from './openedStore.fixture.ts';
import type { PeriodWriter, SegmentRange, SegmentWriter, TimelineWriter, TrackWithInit } from './segmentStore.ts';

/** What a naive bookkeeper knows: every segment ever written, and who names it. */
interface ModelTimeline {
  readonly id: string;
  readonly entryId: string;
  /** Known once something was written. */
  first: number;
  next: number;
  ended: boolean;
  /** No window any more. */
  retired: boolean;
  writer: TimelineWriter | undefined;
  period: PeriodWriter | undefined;
}

const entries = ['0_entry001', '0_entry002'];
const names = ['a', 'b', 'c'];
const segmentMs = 2000;
/** Three segments. */
const windowSeconds = 6;

const track: TrackWithInit = {
  kind: 'video',
  id: 'v0',
  codec: 'avc1.64001f',
  timescale: 1000,
  bitrateBps: 1000,
  width: 16,
  height: 16,
  frameRate: 1,
  init: Buffer.from('init'),
};

export type Step =
  | { type: 'append'; entry: number; count: number; newPeriod: boolean }
  | { type: 'end' | 'delete'; entry: number }
  | {
      type: 'compose';
      name: number;
      parts: readonly { timeline: number; from: number; length: number; open: boolean }[];
    }
  | { type: 'decompose'; name: number }
  | { type: 'wait' | 'restart' };

const part = fc.record({ timeline: fc.nat(), from: fc.nat(), length: fc.nat(), open: fc.boolean() });
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      entry: fc.nat(1),
      count: fc.integer({ min: 1, max: 6 }),
      newPeriod: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('end' as const, 'delete' as const), entry: fc.nat(1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('compose' as const),
      name: fc.nat(2),
      parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('decompose' as const), name: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('wait' as const, 'restart' as const) }) },
);

/** Does to the store what it is told and checks that the store has what the books say. */
export class Bookkeeper {
  readonly timelines: ModelTimeline[] = [];
  readonly compositions = new Map<string, readonly SegmentRange[]>();
  /** By what is in them. */
  readonly #bytes = new Map<string, number>();
  readonly #root: string;
  #opened!: OpenedStore;
  #nowMs = 1_700_000_000_000;

  constructor(root: string) {
    this.#root = root;
  }

  async open(): Promise<void> {
    this.#opened = await openStore(this.#root, { now: () => this.#nowMs, evictionIntervalMs: 2 });
  }

  close(): Promise<void> {
    return this.#opened.close();
  }

  async run(step: Step): Promise<void> {
    if (step.type === 'append') await this.#append(entries[step.entry]!, step.count, step.newPeriod);
    if (step.type === 'end') await this.#end(entries[step.entry]!);
    if (step.type === 'delete') await this.#delete(entries[step.entry]!);
    if (step.type === 'compose') await this.#compose(names[step.name]!, step.parts);
    if (step.type === 'decompose') await this.#decompose(names[step.name]!);
    if (step.type === 'restart') await this.#restart();
    if (step.type === 'wait') await this.wait();
    await this.#expectNothingLost();
  }

  /** Long enough for everything to leave its window and its grace; then nothing is kept in vain. */
  async wait(): Promise<void> {
    this.#nowMs += 3600_000;
    const { store } = this.#opened;
    for (const timeline of this.timelines.filter(({ ended, retired }) => ended && !retired))
      await comesTo(() => store.timeline(timeline.id)?.segments ?? [], []);
    this.#nowMs += 120_000;
    for (const timeline of this.timelines) if (timeline.ended) timeline.retired = true;
    const expected = this.timelines.flatMap((timeline) => this.#needed(timeline).map((at) => `${timeline.id}/${at}`));
    await comesTo(() => this.#stored(), expected.toSorted());
    await comesTo(() => this.#files(), expected.toSorted());
    const folders = this.timelines
      .filter((timeline) => this.#isNamed(timeline) || !timeline.retired)
      .map(({ id }) => id);
    await comesTo(() => readdirSync(this.#opened.directory).filter((id) => !folders.includes(id)), []);
  }

  #needed(timeline: ModelTimeline): number[] {
    const needed: number[] = [];
    for (let at = timeline.first; at < timeline.next; at++) {
      const inWindow = !timeline.retired && at >= timeline.next - 3;
      if (inWindow || this.#isNamed(timeline, at)) needed.push(at);
    }
    return needed;
  }

  #isNamed({ id }: ModelTimeline, at?: number): boolean {
    const ranges = Array.from(this.compositions.values()).flat();
    return ranges.some(
      ({ timelineId, first, end }) =>
        timelineId === id && (at === undefined || (first <= at && at < (end ?? Infinity))),
    );
  }

  async #append(entryId: string, count: number, newPeriod: boolean): Promise<void> {
    const { store } = this.#opened;
    let timeline = this.timelines.find((each) => each.entryId === entryId && !each.ended);
    if (!timeline) {
      const id = `t${this.timelines.length}`;
      const writer = await store.write({ id, entryId, epochMs: this.#nowMs, windowSeconds });
      const start = { first: -1, next: -1, ended: false, retired: false };
      timeline = { id, entryId, ...start, writer, period: undefined };
      this.timelines.push(timeline);
    }
    timeline.writer ??= await store.write({ id: timeline.id, entryId, epochMs: 0, windowSeconds });
    if (newPeriod) timeline.period = undefined;
    for (let written = 0; written < count; written++) {
      const startMs = (timeline.next - timeline.first) * segmentMs;
      timeline.period ??= await timeline.writer.startPeriod({ startMs, tracks: [track] });
      const segment: SegmentWriter = timeline.period.openSegment({ startMs, wallClockMs: this.#nowMs });
      if (timeline.first < 0) timeline.first = timeline.next = segment.sequence;
      const sample = { data: Buffer.from(`${timeline.id}/${timeline.next}`), durationTicks: segmentMs };
      const data = writeFragment(1, startMs, [{ ...sample, compositionTicks: 0, sync: true }]);
      segment.append('v0', { startTicks: startMs, durationTicks: segmentMs, independent: true, data });
      this.#bytes.set(`${timeline.id}/${timeline.next}`, data.length);
      await segment.complete();
      assert.equal(segment.sequence, timeline.next);
      timeline.next++;
    }
  }

  async #end(entryId: string): Promise<void> {
    const timeline = this.timelines.find((each) => each.entryId === entryId && !each.ended);
    if (!timeline) return;
    timeline.writer ??= await this.#opened.store.write({ id: timeline.id, entryId, epochMs: 0, windowSeconds });
    await timeline.writer.end();
    timeline.ended = true;
  }

  async #delete(entryId: string): Promise<void> {
    for (const timeline of this.timelines.filter((each) => each.entryId === entryId))
      timeline.ended = timeline.retired = true;
    await this.#opened.store.deleteEntry(entryId);
  }

  async #compose(name: string, parts: (Step & { type: 'compose' })['parts']): Promise<void> {
    const { store } = this.#opened;
    const ranges: SegmentRange[] = [];
    for (const [index, { timeline: at, from, length, open }] of parts.entries()) {
      const timeline = this.timelines[at % this.timelines.length];
      const needed = timeline ? this.#needed(timeline) : [];
      if (!timeline || needed.length === 0) continue;
      const first = needed[from % needed.length]!;
      let most = first + 1;
      while (needed.includes(most)) most++;
      const mayGrow = open && index === parts.length - 1 && most === timeline.next && !timeline.ended;
      ranges.push({ timelineId: timeline.id, first, end: mayGrow ? null : first + 1 + (length % (most - first)) });
    }
    if (ranges.length === 0) return;
    const tooMuch = { timelineId: ranges[0]!.timelineId, first: ranges[0]!.first, end: 1_000_000 };
    await assert.rejects(store.compose(name, '0_made00001', [tooMuch]), /not stored/);
    await store.compose(name, '0_made00001', ranges);
    this.compositions.set(name, ranges);
  }

  async #decompose(name: string): Promise<void> {
    this.compositions.delete(name);
    await this.#opened.store.decompose(name);
  }

  async #restart(): Promise<void> {
    await this.close();
    for (const timeline of this.timelines) timeline.writer = timeline.period = undefined;
    await this.open();
  }

  /** Every composition shows the segments it is made of, in their order, with the bytes that were written. */
  async #expectNothingLost(): Promise<void> {
    const { store } = this.#opened;
    for (const [name, ranges] of this.compositions) {
      const expected = this.#named(ranges);
      const composed = await store.composed(name);
      const shown: string[] = [];
      for (const { sequence } of composed!.segments) {
        const bytes = await composed!.media(sequence, 'v0')!.buffer();
        shown.push(textOf(bytes));
      }
      assert.deepEqual(shown, expected);
      const { bytes, sharedBytes } = await store.usage(name);
      assert.equal(bytes, this.#sum(expected));
      const others = Array.from(this.compositions).filter(([other]) => other !== name);
      const elsewhere = new Set(others.flatMap(([, each]) => this.#named(each)));
      const kept = expected.filter((each) => elsewhere.has(each) || this.#isInWindow(each));
      assert.equal(sharedBytes, this.#sum(kept));
      const { segments, periods } = composed!;
      const places = segments.map(({ sequence }) => sequence - segments[0]!.sequence);
      assert.deepEqual(places, Array.from(expected.keys()));
      const indices = periods.map(({ index }) => index);
      assert.deepEqual(indices, Array.from(new Set(segments.map(({ period }) => period))));
    }
    const stored = new Set(await this.#stored());
    for (const timeline of this.timelines)
      for (const at of this.#needed(timeline).filter(() => !timeline.ended))
        assert.ok(stored.has(`${timeline.id}/${at}`), `${timeline.id}/${at} is needed`);
  }

  #named(ranges: readonly SegmentRange[]): string[] {
    return ranges.flatMap(({ timelineId, first, end }) => {
      const { next } = this.timelines.find(({ id }) => id === timelineId)!;
      return Array.from({ length: (end ?? next) - first }, (_, index) => `${timelineId}/${first + index}`);
    });
  }

  /** Each once. */
  #sum(names: readonly string[]): number {
    return Array.from(new Set(names)).reduce((sum, name) => sum + this.#bytes.get(name)!, 0);
  }

  /** As the store sees it now, its grace included. */
  #isInWindow(name: string): boolean {
    const [id = '', sequence] = name.split('/');
    return this.#opened.store.timeline(id)?.segment(Number(sequence)) !== undefined;
  }

  async #stored(): Promise<string[]> {
    const rows = await this.#opened.database.selectFrom('segments').select(['timeline_id', 'sequence']).execute();
    return rows.map((row) => `${row.timeline_id}/${row.sequence}`).toSorted();
  }

  /** By what is in them: names of files are the store's own affair. */
  #files(): string[] {
    return readdirSync(this.#opened.directory, { recursive: true, withFileTypes: true })
      .filter((file) => file.name.endsWith('.m4s'))
      .map((file) => textOf(readFileSync(join(file.parentPath, file.name))))
      .toSorted();
  }
}

function textOf(fragment: Buffer): string {
  return fragment.subarray(fragment.indexOf('mdat') + 4).toString();
}

/** Waits for what the store does by itself. */
async function comesTo(look: () => unknown, expected: unknown): Promise<void> {
  const untilMs = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (isDeepStrictEqual(found, expected)) return;
    if (performance.now() > untilMs) assert.deepEqual(found, expected);
    await wait(3);
  }
}
