import type { SegmentRange } from './segmentStore.ts';
import type { CompositionRow } from './segmentTables.ts';
import type { Span } from './sequenceSpans.ts';

export interface Composition {
  readonly name: string;
  readonly entryId: string;
  readonly ranges: readonly SegmentRange[];
}

/** All compositions there are, and thereby what is needed of each stored timeline. */
export class Compositions {
  readonly #byName = new Map<string, Composition>();
  /** By timeline, then by name. */
  readonly #naming = new Map<string, Map<string, Composition>>();
  /** Names by entry. */
  readonly #owned = new Map<string, Set<string>>();

  constructor(rows: readonly CompositionRow[]) {
    for (const { name, entry_id: entryId, ranges } of rows)
      this.set({ name, entryId, ranges: JSON.parse(ranges) as SegmentRange[] });
  }

  get(name: string): Composition | undefined {
    return this.#byName.get(name);
  }

  set(composition: Composition): void {
    const { name, entryId } = composition;
    this.delete(name);
    this.#byName.set(name, composition);
    this.#owned.set(entryId, (this.#owned.get(entryId) ?? new Set()).add(name));
    for (const { timelineId } of composition.ranges) {
      let naming = this.#naming.get(timelineId);
      if (!naming) this.#naming.set(timelineId, (naming = new Map()));
      naming.set(composition.name, composition);
    }
  }

  delete(name: string): void {
    const composition = this.#byName.get(name);
    if (!composition) return;
    this.#byName.delete(name);
    const owned = this.#owned.get(composition.entryId);
    owned?.delete(name);
    if (owned?.size === 0) this.#owned.delete(composition.entryId);
    for (const { timelineId } of composition.ranges) {
      const naming = this.#naming.get(timelineId);
      naming?.delete(name);
      if (naming?.size === 0) this.#naming.delete(timelineId);
    }
  }

  /** Names by entry. */
  owners(): Map<string, readonly string[]> {
    return new Map(Array.from(this.#owned, ([entryId, names]) => [entryId, [...names]]));
  }

  /** Those of an entry, and the one of that name. */
  ofOwner(owner: string): Composition[] {
    const names = new Set([owner, ...(this.#owned.get(owner) ?? [])]);
    return Array.from(names).flatMap((name) => this.#byName.get(name) ?? []);
  }

  /** Those that name something of a timeline. */
  naming(timelineId: string): Composition[] {
    return Array.from(this.#naming.get(timelineId)?.values() ?? []);
  }
}

/** What compositions hold of a timeline. */
export function spansOf(compositions: Iterable<Composition>, timelineId: string): Span[] {
  const spans: Span[] = [];
  for (const { ranges } of compositions)
    for (const range of ranges)
      if (range.timelineId === timelineId) spans.push({ first: range.first, end: range.end ?? Infinity });
  return spans;
}
