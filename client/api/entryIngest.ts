import type { RouteResponse } from '../../shared/api/route.ts';
import type { ApiRoutes } from '../../shared/api/routes.ts';
import type { IngestEvent } from '../../shared/model/ingestSource.ts';

export type EntryIngest = RouteResponse<ApiRoutes['getIngest']>;

/** As many as the server keeps. */
const keptEvents = 200;

/** One more thing has happened; the same again takes the place of the last one, as on the server. */
export function withEvent(ingest: EntryIngest, event: IngestEvent): EntryIngest {
  const last = ingest.events.at(-1);
  // It was in the answer already.
  if (last && last.at === event.at && last.message === event.message) return ingest;
  const repeats = last?.kind === event.kind && last.message === event.message;
  const before = repeats ? ingest.events.slice(0, -1) : ingest.events;
  return { ...ingest, events: [...before, event].slice(-keptEvents) };
}
