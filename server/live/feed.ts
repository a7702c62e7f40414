import type { SourceRole } from '../../shared/model/ingestSource.ts';
import type { Publisher } from './publisher.ts';
import { chooseSource, type ChoiceRules } from './sourceChoice.ts';

/** One stream of an entry (`<id>_<n>`): its primary and its backup, of which one is on air. */
export class Feed {
  readonly index: number;
  readonly #publishers = new Map<SourceRole, Publisher>();

  constructor(index: number) {
    this.index = index;
  }

  get publishers(): readonly Publisher[] {
    return [...this.#publishers.values()];
  }

  get empty(): boolean {
    return this.#publishers.size === 0;
  }

  /** Who has this role now, unless they have fallen silent: then somebody else may have it. */
  holder(role: SourceRole, nowMs: number, rules: ChoiceRules): Publisher | undefined {
    const publisher = this.#publishers.get(role);
    return publisher?.isSilent(nowMs, rules) ? undefined : publisher;
  }

  /** Takes the place of whoever had the role; returns them. */
  place(publisher: Publisher): Publisher | undefined {
    const before = this.#publishers.get(publisher.role);
    this.#publishers.set(publisher.role, publisher);
    return before;
  }

  remove(publisher: Publisher): void {
    if (this.#publishers.get(publisher.role) === publisher) this.#publishers.delete(publisher.role);
  }

  choose(onAir: Publisher | undefined, nowMs: number, rules: ChoiceRules): Publisher | undefined {
    return chooseSource(this.publishers, onAir, nowMs, rules);
  }
}
