import { TimelineFolder } from './disk/timelineFolder.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import { toTimelineRow } from './segmentRow.ts';
import type { TimelineFloorRow, TimelineRow } from './segmentTables.ts';
import type { Timeline } from './timeline.ts';
import type { DiskTimelineWriter } from './timelineWriter.ts';

/** A timeline that has a window: being written, or ended not long ago. */
export interface KeptTimeline {
  readonly timeline: Timeline;
  readonly folder: TimelineFolder;
  /** Its place among the timelines of its entry. */
  readonly ordinal: number;
  writer?: DiskTimelineWriter;
  /** When all its files will be on the disk for good, once it has ended. */
  settlesAtMs?: number;
}

/** What is known of any stored timeline. */
export interface KnownTimeline {
  readonly id: string;
  readonly entryId: string;
  readonly epochMs: number;
  readonly firstSequence: number;
  readonly nextSequence: number;
  readonly folder: TimelineFolder;
  /** In memory while it has a window. */
  readonly timeline?: Timeline;
}

/**
 * Every timeline in storage. Those with a window are in memory; of the others, which compositions hold, only what their
 * rows say of the whole.
 */
export class StoredTimelines {
  readonly #directory: string;
  readonly #index: SegmentIndex;
  readonly #kept = new Map<string, KeptTimeline>();
  /** By entry, oldest first. */
  readonly #entries = new Map<string, readonly KeptTimeline[]>();
  readonly #retired = new Map<string, TimelineRow>();
  /** By entry: what its timelines without a window had. */
  readonly #floors = new Map<string, TimelineFloorRow>();

  constructor(directory: string, index: SegmentIndex, floors: readonly TimelineFloorRow[]) {
    this.#directory = directory;
    this.#index = index;
    for (const floor of floors) this.#floors.set(floor.entry_id, floor);
  }

  /** In the order of their ordinals. */
  keep(kept: KeptTimeline): void {
    const { id, entryId } = kept.timeline;
    this.#kept.set(id, kept);
    this.#entries.set(entryId, [...this.ofEntry(entryId), kept]);
  }

  keepRetired(row: TimelineRow): void {
    this.#retired.set(row.id, row);
  }

  kept(id: string): KeptTimeline | undefined {
    return this.#kept.get(id);
  }

  allKept(): KeptTimeline[] {
    return Array.from(this.#kept.values());
  }

  ofEntry(entryId: string): readonly KeptTimeline[] {
    return this.#entries.get(entryId) ?? [];
  }

  ids(): string[] {
    return [...this.#kept.keys(), ...this.#retired.keys()];
  }

  retired(id: string): TimelineRow | undefined {
    return this.#retired.get(id);
  }

  find(id: string): KnownTimeline | undefined {
    const kept = this.#kept.get(id);
    if (kept) {
      const { timeline, folder } = kept;
      const { entryId, epochMs, firstSequence, nextSequence } = timeline;
      return { id, entryId, epochMs, firstSequence, nextSequence, folder, timeline };
    }
    const row = this.#retired.get(id);
    if (!row) return undefined;
    const folder = new TimelineFolder(this.#directory, id, 0);
    const { entry_id: entryId, epoch_ms: epochMs, first_sequence: firstSequence, sequence_floor: nextSequence } = row;
    return { id, entryId, epochMs, firstSequence, nextSequence, folder };
  }

  latest(entryId: string): Timeline | undefined {
    const timeline = this.ofEntry(entryId).at(-1)?.timeline;
    // One without a window came after it: going back to this one would take its viewers' sequences back.
    const goesBack = timeline && timeline.nextSequence < (this.#floors.get(entryId)?.sequence_floor ?? 0);
    return goesBack ? undefined : timeline;
  }

  /** Where an entry's next timeline begins: above all it had before, so that no player sees numbers go back. */
  nextOf(entryId: string): { readonly sequence: number; readonly period: number; readonly ordinal: number } {
    const before = this.ofEntry(entryId);
    const floor = this.#floors.get(entryId);
    const retired = Array.from(this.#retired.values()).filter((row) => row.entry_id === entryId);
    const ordinals = [...before.map(({ ordinal }) => ordinal), ...retired.map(({ ordinal }) => ordinal)];
    return {
      sequence: Math.max(floor?.sequence_floor ?? 0, ...before.map(({ timeline }) => timeline.nextSequence)),
      period: Math.max(floor?.period_floor ?? 0, ...before.map(({ timeline }) => timeline.nextPeriod)),
      ordinal: Math.max(-1, ...ordinals) + 1,
    };
  }

  /** Takes a timeline's window away, for good: from now on only what compositions name of it is needed. */
  async retire(kept: KeptTimeline, nowMs: number): Promise<void> {
    const { timeline } = kept;
    await this.#keepFloor(timeline);
    const row = { ...toTimelineRow(timeline, kept.ordinal), ended_ms: nowMs, settled: 1, retired: 1 };
    await this.#index.changeTimeline(timeline.id, row);
    timeline.end(nowMs);
    this.#kept.delete(timeline.id);
    const others = this.ofEntry(timeline.entryId).filter((other) => other !== kept);
    if (others.length > 0) this.#entries.set(timeline.entryId, others);
    else this.#entries.delete(timeline.entryId);
    this.#retired.set(timeline.id, row);
  }

  /** Forgets one without a window, of which nothing is left. */
  async drop(id: string): Promise<void> {
    await this.#index.removeTimeline(id);
    this.#retired.delete(id);
  }

  async forgetFloor(entryId: string): Promise<void> {
    this.#floors.delete(entryId);
    await this.#index.removeFloor(entryId);
  }

  async #keepFloor({ entryId, nextSequence, nextPeriod }: Timeline): Promise<void> {
    const before = this.#floors.get(entryId);
    const floor = {
      entry_id: entryId,
      sequence_floor: Math.max(nextSequence, before?.sequence_floor ?? 0),
      period_floor: Math.max(nextPeriod, before?.period_floor ?? 0),
    };
    this.#floors.set(entryId, floor);
    await this.#index.keepFloor(floor);
  }
}
