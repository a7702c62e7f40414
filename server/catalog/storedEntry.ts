import type { Dvr, Recording } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import type { EntryRow } from './tables.ts';

export interface ManualUrls {
  readonly hls?: string;
  readonly dash?: string;
  readonly hds?: string;
  readonly mss?: string;
}

/** An entry as it is kept; what of it may be shown is decided elsewhere. */
export interface StoredEntry {
  readonly id: string;
  readonly type: 'live' | 'manual';
  readonly name: string;
  readonly description: string;
  readonly tags: string[];
  /** Null for manual entries, which are not transcoded. */
  readonly profileId: string | null;
  readonly dvr: Dvr;
  readonly recording: Recording;
  /** Empty for live entries. */
  readonly urls: ManualUrls;
  readonly ingest: { readonly username: string; readonly password: string; readonly whipToken: string };
  readonly state: EntryState;
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
    urls: row.urls === null ? {} : (JSON.parse(row.urls) as ManualUrls),
    ingest: { username: row.id, password: row.ingest_password, whipToken: row.whip_token },
    state: row.state,
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
    urls: entry.type === 'manual' ? JSON.stringify(entry.urls) : null,
    ingest_password: entry.ingest.password,
    whip_token: entry.ingest.whipToken,
    state: entry.state,
    created_at_ms: entry.createdAtMs,
    updated_at_ms: entry.updatedAtMs,
  };
}

/** Text as it is searched and sorted, whatever a database's own rules: no case, no Latin accents. */
export function searchKey(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase();
}
