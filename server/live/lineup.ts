import type { SourceRole } from '../../shared/model/ingestSource.ts';
import { Feed } from './feed.ts';
import type { Publisher } from './publisher.ts';
import type { ChoiceRules } from './sourceChoice.ts';

/** A broadcast waits this long for other streams of the same encoder that are just connecting. */
const companyMs = 1500;

/** Everybody who publishes to an entry, by stream, and who of them should be on air. */
export class Lineup {
  readonly #feeds = new Map<number, Feed>();
  readonly #rules: ChoiceRules;

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
    return this.#feeds.get(index)?.holder(role, nowMs) !== undefined;
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
  }

  /** Who should be on air now, by stream index; `onAir` are those who are. */
  choose(onAir: readonly Publisher[], nowMs: number): readonly Publisher[] {
    for (const publisher of this.publishers) publisher.observe(nowMs, this.#rules);
    return [...this.#feeds.values()]
      .toSorted((a, b) => a.index - b.index)
      .flatMap((feed) => {
        const current = onAir.find(({ index }) => index === feed.index);
        return feed.choose(current, nowMs, this.#rules) ?? [];
      });
  }

  /** Another stream has been let in but is not ready: one look more, rather than a new period at once. */
  expectsCompany(choice: readonly Publisher[], nowMs: number): boolean {
    const admittedAtMs = Math.min(...choice.map((publisher) => publisher.admittedAtMs));
    return nowMs - admittedAtMs < companyMs && this.publishers.some(({ ready }) => !ready);
  }
}
