import type { CatalogEntry, NewVideo } from './recordingCatalog.ts';

/** The recorded entry of a source that is on air, but for its name. */
export function newRecording(source: CatalogEntry): Omit<NewVideo, 'name'> {
  const { id, description, tags, createdBy, profileId, retentionDays } = source;
  const about = { description, tags, createdBy, profileId, retentionDays };
  const made = { origin: 'recording', status: 'recording', progress: null, failure: null, durationMs: 0 } as const;
  return { ...about, ...made, sourceEntryId: id, rootEntryId: id, trimmed: false };
}
