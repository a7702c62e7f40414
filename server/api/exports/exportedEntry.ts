import type { EncoderSettings } from '../../../shared/model/encoderSettings.ts';
import type { Ingest } from '../../../shared/model/entry.ts';
import type { SuggestedStream } from './suggestedStreams.ts';

/** What an encoder can be told about an entry. */
export interface ExportedEntry {
  readonly id: string;
  readonly name: string;
  readonly ingest: Ingest;
  readonly streams: readonly SuggestedStream[];
}

/** Writes an entry down as one encoder wants it. */
export type EncoderExport = (entry: ExportedEntry) => EncoderSettings;
