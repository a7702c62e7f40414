import type { CaptionSettings } from '../../shared/model/captions.ts';
import type { Dvr, Recording, VideoFacts } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import type { EntryRow } from './tables.ts';

export interface ManualUrls {
  readonly hls?: string;
  readonly dash?: string;
  readonly hds?: string;
  readonly mss?: string;
}

/** What opens an entry's ingest. */
export interface StreamCredentials {
  readonly username: string;
  readonly password: string;
  readonly whipToken: string;
  /** From then on they open nothing; null for never. */
  readonly expiresAtMs: number | null;
}

/** An entry as it is kept; what of it may be shown is decided elsewhere. */
export interface StoredEntry {
  readonly id: string;
  readonly type: 'live' | 'manual' | 'video';
  readonly name: string;
  readonly description: string;
  readonly tags: string[];
  /** Null for manual entries, which are not transcoded; a video's is the one it was made with. */
  readonly profileId: string | null;
  readonly dvr: Dvr;
  readonly recording: Recording;
  readonly captions: CaptionSettings;
  /** Empty for all but manual entries. */
  readonly urls: ManualUrls;
  readonly ingest: StreamCredentials;
  /** Always idle for all but live entries. */
  readonly state: EntryState;
  /** Null for live and manual entries. */
  readonly video: VideoFacts | null;
  readonly createdBy: string | null;
  readonly plays: number;
  readonly retentionDays: number | null;
  /** When a video was complete; retention is counted from here. */
  readonly madeAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export function toStoredEntry(row: EntryRow): StoredEntry {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    description: row.description,
    tags: JSON.parse(row.tags) as string[],
    profileId: row.profile_id,
    dvr: { enabled: row.dvr_enabled === 1, windowMinutes: row.dvr_window_minutes },
    recording: row.recording,
    captions: JSON.parse(row.captions) as CaptionSettings,
    urls: row.urls === null ? {} : (JSON.parse(row.urls) as ManualUrls),
    ingest: {
      username: row.id,
      password: row.ingest_password,
      whipToken: row.whip_token,
      expiresAtMs: row.ingest_expires_at_ms,
    },
    state: row.state,
    video: toStoredVideo(row),
    createdBy: row.created_by,
    plays: row.plays,
    retentionDays: row.retention_days,
    madeAtMs: row.made_at_ms,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

export function toEntryRow(entry: StoredEntry): EntryRow {
  return {
    id: entry.id,
    type: entry.type,
    name: entry.name,
    name_key: searchKey(entry.name),
    description: entry.description,
    tags: JSON.stringify(entry.tags),
    search_text: searchKey([entry.name, entry.description, ...entry.tags, entry.id].join('\n')),
    profile_id: entry.profileId,
    dvr_enabled: Number(entry.dvr.enabled),
    dvr_window_minutes: entry.dvr.windowMinutes,
    recording: entry.recording,
    captions: JSON.stringify(entry.captions),
    urls: entry.type === 'manual' ? JSON.stringify(entry.urls) : null,
    ingest_password: entry.ingest.password,
    whip_token: entry.ingest.whipToken,
    ingest_expires_at_ms: entry.ingest.expiresAtMs,
    state: entry.state,
    created_by: entry.createdBy,
    plays: entry.plays,
    retention_days: entry.retentionDays,
    made_at_ms: entry.madeAtMs,
    ...toVideoColumns(entry.video),
    created_at_ms: entry.createdAtMs,
    updated_at_ms: entry.updatedAtMs,
  };
}

function toStoredVideo(row: EntryRow): VideoFacts | null {
  if (row.origin === null || row.video_status === null) return null;
  return {
    origin: row.origin,
    status: row.video_status,
    progress: row.progress,
    failure: row.failure,
    // Older versions stored fractions.
    durationMs: Math.round(row.duration_ms ?? 0),
    sourceEntryId: row.source_entry_id,
    rootEntryId: row.root_entry_id,
    trimmed: row.trimmed === 1,
  };
}

export function toVideoColumns(
  video: VideoFacts | null,
): Pick<
  EntryRow,
  'origin' | 'video_status' | 'progress' | 'failure' | 'duration_ms' | 'source_entry_id' | 'root_entry_id' | 'trimmed'
> {
  return {
    origin: video?.origin ?? null,
    video_status: video?.status ?? null,
    progress: video?.progress ?? null,
    failure: video?.failure ?? null,
    duration_ms: video?.durationMs ?? null,
    source_entry_id: video?.sourceEntryId ?? null,
    root_entry_id: video?.rootEntryId ?? null,
    trimmed: video ? Number(video.trimmed) : null,
  };
}

/** Text as it is searched and sorted, whatever a database's own rules: no case, no Latin accents. */
export function searchKey(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase();
}
