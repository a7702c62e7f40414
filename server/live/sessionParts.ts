import type { StateEvent } from '../../shared/events/events.ts';
import type { TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';
import type { Broadcasts } from '../catalog/broadcasts.ts';
import type { Entries } from '../catalog/entries.ts';
import type { Profiles } from '../catalog/profiles.ts';
import type { SegmentStore } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { Transcoder } from '../transcode/transcoder.ts';
import type { Session } from './session.ts';
import type { ChoiceRules } from './sourceChoice.ts';

/** Keeps what is broadcast, for entries that say so. None of it rejects. */
export interface Recorder {
  start(
    entryId: string,
    timeline: TimelineReader,
    listener: { happened(kind: 'recordingStarted' | 'recordingStopped', message: string): void },
  ): Promise<void>;
  /** The broadcast has ended. */
  finish(entryId: string): Promise<void>;
  /** The server stops; the broadcast may go on after its next start. */
  pause(entryId: string): Promise<void>;
  /** Completes recordings of broadcasts that do not go on. */
  settle(): Promise<void>;
}

/** What a session works with. */
export interface SessionParts {
  readonly entries: Entries;
  readonly profiles: Profiles;
  readonly broadcasts: Broadcasts;
  readonly store: SegmentStore;
  readonly transcoder: Transcoder;
  readonly recorder: Recorder;
  readonly reconnectWindowSeconds: number;
  /** When a source gives way to another. */
  readonly rules: ChoiceRules;
  /** Unix ms */
  readonly now: () => number;
  readonly viewers: (entryId: string) => number;
}

/** What a session tells its owner. */
export interface SessionListener {
  stateChanged(event: StateEvent): void;
  /** Of what is on air, once a second. */
  healthSampled(entryId: string, sample: HealthSample): void;
  /** All publishers, once a second. */
  sourcesSampled(entryId: string, sources: readonly IngestSource[]): void;
  ingestHappened(entryId: string, event: IngestEvent): void;
  transcodeFailed(entryId: string, failure: TranscodeFailure): void;
  /** Nothing is on air and nobody is waited for: the session can be let go. */
  finished(session: Session): void;
}
