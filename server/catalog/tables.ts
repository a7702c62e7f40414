import type { Dvr, Recording, VideoOrigin, VideoStatus } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';

/** Columns are text and numbers only, so that SQLite and PostgreSQL hold the same (there with int8 read as a number). */
export interface CatalogTables {
  profiles: ProfileRow;
  entries: EntryRow;
  broadcasts: BroadcastRow;
  users: UserRow;
  sessions: SessionRow;
  recordings: RecordingRow;
  viewer_counts: ViewerCountRow;
}

export type RecordingMode = Exclude<Recording, 'off'>;

export interface ProfileRow {
  id: string;
  name: string;
  description: string;
  /** 0 or 1, as all flags. */
  built_in: number;
  is_default: number;
  keeps_source: number;
  /** JSON: Flavor[] */
  flavors: string;
  audio_bitrate_kbps: number;
  created_at_ms: number;
}

export interface EntryRow {
  id: string;
  type: 'live' | 'manual' | 'video';
  name: string;
  /** The name as it is sorted. */
  name_key: string;
  description: string;
  /** JSON: string[] */
  tags: string;
  /** What a search looks in: name, description, tags and id. */
  search_text: string;
  profile_id: string | null;
  dvr_enabled: number;
  dvr_window_minutes: Dvr['windowMinutes'];
  recording: Recording;
  /** JSON: CaptionSettings */
  captions: string;
  /** JSON: addresses of a manual entry */
  urls: string | null;
  ingest_password: string;
  whip_token: string;
  /** When password and token end; null for never. */
  ingest_expires_at_ms: number | null;
  state: EntryState;
  created_by: string | null;
  plays: number;
  retention_days: number | null;
  /** From here on null unless it is a video. */
  origin: VideoOrigin | null;
  video_status: VideoStatus | null;
  progress: number | null;
  failure: string | null;
  duration_ms: number | null;
  source_entry_id: string | null;
  root_entry_id: string | null;
  trimmed: number | null;
  /** When it was complete: retention is counted from here. */
  made_at_ms: number | null;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface RecordingRow {
  /** The recorded entry. */
  entry_id: string;
  /** What was recorded; it may have been deleted since. */
  source_entry_id: string;
  mode: RecordingMode;
  /** Among the recordings of its source, from 1. */
  number: number;
  /** The last broadcast that is in it, and from which segment on. */
  broadcast_id: string;
  first_sequence: number;
  /** That broadcast is still being recorded. */
  is_open: number;
}

export interface ViewerCountRow {
  broadcast_id: string;
  at_ms: number;
  viewers: number;
}

export interface BroadcastRow {
  id: string;
  entry_id: string;
  started_at_ms: number;
  ended_at_ms: number | null;
  interrupted_at_ms: number | null;
}

export interface UserRow {
  id: string;
  /** Folded to lower case. */
  email: string;
  name: string;
  password_hash: string;
  created_at_ms: number;
  updated_at_ms: number;
}

export interface SessionRow {
  /** SHA-256 of the token, hexadecimal: a stolen database signs nobody in. */
  token_hash: string;
  user_id: string;
  created_at_ms: number;
  last_seen_at_ms: number;
  expires_at_ms: number;
}
