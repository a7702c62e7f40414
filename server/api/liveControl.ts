import type { StateEvent } from '../../shared/events/events.ts';
import type { TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';

/** What the control plane asks of the live stage; `live/` satisfies it. States themselves are in the catalog. */
export interface LiveControl {
  /** Ends the running broadcast, if there is one, and throws its publisher out. */
  end(entryId: string): Promise<void>;
  lastFailure(entryId: string): TranscodeFailure | null;
  /** Up to two minutes, oldest first. */
  recentHealth(entryId: string): readonly HealthSample[];
  /** Everybody who publishes to the entry now. */
  sources(entryId: string): readonly IngestSource[];
  /** What happened to its ingest since the server started, oldest first. */
  ingestEvents(entryId: string): readonly IngestEvent[];
  onState(listener: (event: StateEvent) => void): () => void;
  onHealth(listener: (entryId: string, sample: HealthSample) => void): () => void;
  onFailure(listener: (entryId: string, failure: TranscodeFailure) => void): () => void;
  /** Once a second while somebody publishes. */
  onSources(listener: (entryId: string, sources: readonly IngestSource[]) => void): () => void;
  onIngestEvent(listener: (entryId: string, event: IngestEvent) => void): () => void;
}
