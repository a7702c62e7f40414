import type { EntryState } from '../model/state.ts';
import type { HealthSample } from '../model/health.ts';
import type { TranscodeFailure } from '../model/entry.ts';
import type { IngestEvent, IngestSource } from '../model/ingestSource.ts';

/** An entry's state as everybody may see it. `sequence` orders updates of one entry. */
export interface StateEvent {
  readonly entryId: string;
  readonly state: EntryState;
  readonly broadcastId: string | null;
  /** Unix ms of the change. */
  readonly at: number;
}

/** socket.io, server to client. */
export interface ServerEvents {
  state(event: StateEvent): void;
  health(event: { readonly entryId: string; readonly sample: HealthSample }): void;
  failure(event: { readonly entryId: string; readonly failure: TranscodeFailure }): void;
  /** Everybody who publishes to the entry, once a second and after each ingest event. */
  sources(event: { readonly entryId: string; readonly sources: readonly IngestSource[] }): void;
  ingestEvent(event: { readonly entryId: string; readonly event: IngestEvent }): void;
  /** What a video plays has been cut, or put back: its addresses have to be loaded again. Comes with `watch`. */
  mediaReplaced(event: { readonly entryId: string }): void;
  /** An entry was created, changed or deleted: lists should be read again. */
  entriesChanged(event: { readonly entryId: string }): void;
}

export type Acknowledge = (answer: { ok: true } | { ok: false; message: string }) => void;

/** socket.io, client to server. */
export interface ClientEvents {
  /** Public: `state` of one entry from now on, the present one at once, and `mediaReplaced`. */
  watch(request: { entryId: string }, acknowledge?: Acknowledge): void;
  unwatch(request: { entryId: string }): void;
  /**
   * Signed in: `health`, `failure`, `sources` and `ingestEvent` of one entry, beginning with the last two minutes of
   * samples and with who publishes now. The log so far comes with `GET /entries/:id/ingest`.
   */
  monitor(request: { entryId: string }, acknowledge?: Acknowledge): void;
  unmonitor(request: { entryId: string }): void;
  /** Signed in: `state` and `entriesChanged` of all entries. */
  monitorAll(acknowledge?: Acknowledge): void;
}
