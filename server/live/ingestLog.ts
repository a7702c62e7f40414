import type { IngestEvent } from '../../shared/model/ingestSource.ts';

const keptEvents = 200;

/** What happened to each entry's ingest, newest last, as long as the server runs. */
export class IngestLog {
  readonly #events = new Map<string, IngestEvent[]>();

  add(entryId: string, event: IngestEvent): void {
    const events = this.#events.get(entryId) ?? [];
    const last = events.at(-1);
    // The same again (a wrong key, every second) takes no further place.
    if (last?.kind === event.kind && last.message === event.message) events.pop();
    events.push(event);
    if (events.length > keptEvents) events.shift();
    this.#events.set(entryId, events);
  }

  of(entryId: string): readonly IngestEvent[] {
    return this.#events.get(entryId) ?? [];
  }

  forget(entryId: string): void {
    this.#events.delete(entryId);
  }
}
