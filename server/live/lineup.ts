import type { SourceRole } from '../../shared/model/ingestSource.ts';
import type { Refusal } from '../errors.ts';
import { Feed } from './feed.ts';
import type { Publisher } from './publisher.ts';
import { hasStalled, type ChoiceRules } from './sourceChoice.ts';
import { StreamJoining } from './streamJoining.ts';

/** A broadcast waits this long for other streams of the same encoder that are just connecting. */
const companyMs = 1500;

/** Everybody who publishes to an entry, by stream, and who of them should be on air. */
export class Lineup {
  readonly #feeds = new Map<number, Feed>();
  readonly #rules: ChoiceRules;
  readonly #joining = new StreamJoining();

  constructor(rules: ChoiceRules) {
    this.#rules = rules;
  }

  get publishers(): readonly Publisher[] {
    return [...this.#feeds.values()].flatMap(({ publishers }) => publishers);
  }

  get empty(): boolean {
    return this.#feeds.size === 0;
  }

  /** Whether somebody who still sends has this role in this stream. */
  isTaken(index: number, role: SourceRole, nowMs: number): boolean {
    return this.#feeds.get(index)?.holder(role, nowMs, this.#rules) !== undefined;
  }

  /** Takes the place of whoever had the role; returns them. */
  place(publisher: Publisher): Publisher | undefined {
    const feed = this.#feeds.get(publisher.index) ?? new Feed(publisher.index);
    this.#feeds.set(publisher.index, feed);
    return feed.place(publisher);
  }

  remove(publisher: Publisher): void {
    const feed = this.#feeds.get(publisher.index);
    feed?.remove(publisher);
    if (feed?.empty) this.#feeds.delete(publisher.index);
    if (this.empty) this.#joining.forgetMisfits();
  }

  /** Why nobody may publish this stream now. */
  refusal(index: number, nowMs: number): Refusal | undefined {
    return this.#joining.refusal(index, nowMs);
  }

  /** Its key frames are not where those of the others are. */
  misfit({ index }: Publisher, nowMs: number): void {
    this.#joining.misfit(index, nowMs);
  }

  /** These are on air now, and those were. */
  aired(now: readonly Publisher[], before: readonly Publisher[], nowMs: number): void {
    if (before.length === 0) return;
    for (const { index } of now) if (!hasStream(before, index)) this.#joining.joined(index, nowMs);
  }

  /** Who should be on air now, by stream index; `onAir` are those who are. */
  choose(onAir: readonly Publisher[], nowMs: number): readonly Publisher[] {
    for (const publisher of this.publishers) publisher.observe(nowMs, this.#rules);
    const chosen = [...this.#feeds.values()]
      .toSorted((a, b) => a.index - b.index)
      .flatMap((feed) => {
        const current = onAir.find(({ index }) => index === feed.index);
        return feed.choose(current, nowMs, this.#rules) ?? [];
      });
    // Where others go on, one that comes to them shows first that it will stay.
    if (!chosen.some(({ index }) => hasStream(onAir, index))) return chosen;
    return chosen.filter((publisher) => hasStream(onAir, publisher.index) || this.#mayJoin(publisher, nowMs));
  }

  /** Another stream has been let in but is not ready: one look more, rather than a new period at once. */
  expectsCompany(choice: readonly Publisher[], nowMs: number): boolean {
    const admittedAtMs = Math.min(...choice.map((publisher) => publisher.admittedAtMs));
    return nowMs - admittedAtMs < companyMs && this.publishers.some(({ ready }) => !ready);
  }

  #mayJoin(publisher: Publisher, nowMs: number): boolean {
    const isSteady = nowMs - publisher.steadySinceMs >= this.#joining.waitMs(publisher.index, nowMs);
    return isSteady && !hasStalled(publisher, nowMs, this.#rules);
  }
}

function hasStream(publishers: readonly Publisher[], wanted: number): boolean {
  return publishers.some(({ index }) => index === wanted);
}
