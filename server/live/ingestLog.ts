import type { IngestEvent } from '../../shared/model/ingestSource.ts';

const keptEvents = 200;
/** Strangers cause as many as they like: what happened to those who were let in is kept apart from them. */
const keptRefusals = 50;

interface NumberedEvent {
  readonly number: number;
  readonly event: IngestEvent;
}

/** What happened to each entry's ingest, newest last, as long as the server runs. */
export class IngestLog {
  readonly #entries = new Map<string, { readonly events: NumberedEvent[]; readonly refusals: NumberedEvent[] }>();
  #added = 0;

  add(entryId: string, event: IngestEvent): void {
    const kept = this.#entries.get(entryId) ?? { events: [], refusals: [] };
    this.#entries.set(entryId, kept);
    const isRefusal = event.kind === 'refused';
    const events = isRefusal ? kept.refusals : kept.events;
    const last = events.at(-1)?.event;
    // The same again (a wrong key, every second) takes no further place.
    if (last?.kind === event.kind && last.message === event.message) events.pop();
    events.push({ number: this.#added++, event });
    if (events.length > (isRefusal ? keptRefusals : keptEvents)) events.shift();
  }

  of(entryId: string): readonly IngestEvent[] {
    const { events, refusals } = this.#entries.get(entryId) ?? { events: [], refusals: [] };
    return [...events, ...refusals].toSorted((a, b) => a.number - b.number).map(({ event }) => event);
  }

  forget(entryId: string): void {
    this.#entries.delete(entryId);
  }
}
