import { sql, type Kysely, type Transaction } from 'kysely';
import { defaultCaptions, type CaptionSettings } from '../../shared/model/captions.ts';
import type { Dvr, Recording, VideoFacts } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import { Listeners } from '../listeners.ts';
import { filterEntries, sortOf, type EntryQuery } from './entryQuery.ts';
import { lowerAlphanumeric, randomText, urlSafe, type RandomBytes } from './randomText.ts';
import {
  toEntryRow,
  toStoredEntry,
  toVideoColumns,
  type ManualUrls,
  type StoredEntry,
  type StreamCredentials,
} from './storedEntry.ts';
import type { CatalogTables } from './tables.ts';

export type { StoredEntry } from './storedEntry.ts';

interface NewEntry {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly createdBy?: string | null;
  readonly retentionDays?: number | null;
}

export interface NewLiveEntry extends NewEntry {
  readonly type: 'live';
  /** The default profile when absent. */
  readonly profileId?: string;
  readonly dvr?: Dvr;
  readonly recording?: Recording;
  readonly captions?: CaptionSettings;
}

export interface NewManualEntry extends NewEntry {
  readonly type: 'manual';
  readonly urls: ManualUrls;
}

export interface NewVideo extends NewEntry, VideoFacts {
  readonly type: 'video';
  readonly profileId: string | null;
}

export type EntryChanges = Partial<
  Pick<
    StoredEntry,
    'name' | 'description' | 'tags' | 'profileId' | 'dvr' | 'recording' | 'captions' | 'retentionDays' | 'urls'
  >
>;

const dayMs = 24 * 3600 * 1000;

/** Live and manual entries with their stream credentials and present state, and videos. */
export class Entries {
  readonly #db: Kysely<CatalogTables>;
  readonly #now: () => number;
  readonly #random: RandomBytes | undefined;
  readonly #changed = new Listeners<string>();
  readonly #deleted = new Listeners<string>();

  constructor(db: Kysely<CatalogTables>, options: { now?: () => number; random?: RandomBytes } = {}) {
    this.#db = db;
    this.#now = options.now ?? Date.now;
    this.#random = options.random;
  }

  async create(input: NewLiveEntry | NewManualEntry): Promise<StoredEntry> {
    const profileId = input.type === 'live' ? (input.profileId ?? (await this.#defaultProfileId())) : null;
    return await this.#insert(input, profileId);
  }

  async createVideo(video: Omit<NewVideo, 'type'>): Promise<StoredEntry> {
    return await this.#insert({ ...video, type: 'video' }, video.profileId);
  }

  async #insert(input: NewLiveEntry | NewManualEntry | NewVideo, profileId: string | null): Promise<StoredEntry> {
    for (;;) {
      const entry = this.#compose(input, profileId);
      const { numInsertedOrUpdatedRows: inserted } = await this.#db
        .insertInto('entries')
        .values(toEntryRow(entry))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow();
      if (inserted === 0n) continue;
      this.#tell(entry);
      return entry;
    }
  }

  async get(id: string): Promise<StoredEntry | undefined> {
    return await read(this.#db, id);
  }

  async list(query: EntryQuery = {}): Promise<{ items: StoredEntry[]; total: number }> {
    const { page = 1, pageSize = 25, sort = '-createdAt' } = query;
    const { column, down } = sortOf(sort);
    const direction = down ? 'desc' : 'asc';
    const rows = await filterEntries(this.#db.selectFrom('entries').selectAll(), query)
      .orderBy(column, direction)
      .orderBy('id', direction)
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute();
    const counted = await filterEntries(
      this.#db.selectFrom('entries').select((count) => count.fn.countAll().as('total')),
      query,
    ).executeTakeFirstOrThrow();
    return { items: rows.map(toStoredEntry), total: Number(counted.total) };
  }

  /** Undefined when there is no such entry. Changes that are undefined change nothing. */
  async update(id: string, changes: EntryChanges): Promise<StoredEntry | undefined> {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    return await this.#change(id, (entry) => ({ ...entry, ...given }));
  }

  async delete(id: string): Promise<boolean> {
    const entry = await this.get(id);
    const { numDeletedRows } = await this.#db.deleteFrom('entries').where('id', '=', id).executeTakeFirst();
    if (!entry || numDeletedRows === 0n) return false;
    this.#deleted.tell(id);
    this.#tell(entry);
    return true;
  }

  /** The old ones open nothing any more. */
  async renewCredentials(id: string, expiresAtMs: number | null = null): Promise<StoredEntry | undefined> {
    return await this.#change(id, (entry) => ({ ...entry, ingest: this.#credentials(id, expiresAtMs) }));
  }

  /** Not an edit: `updatedAtMs` stays. */
  async setState(id: string, state: EntryState): Promise<void> {
    await this.#db.updateTable('entries').set({ state }).where('id', '=', id).execute();
  }

  /** Not an edit, either. Undefined when there is no such video. That it grew longer is told to nobody. */
  async setVideo(id: string, changes: Partial<VideoFacts>): Promise<StoredEntry | undefined> {
    const changed = await this.#db.transaction().execute(async (transaction) => {
      const entry = await read(transaction, id);
      if (!entry?.video) return undefined;
      const video = toVideo({ ...entry.video, ...changes });
      const isMade = video.status === 'ready' && entry.video.status !== 'ready';
      const madeAtMs = isMade ? this.#now() : entry.madeAtMs;
      const columns = { ...toVideoColumns(video), made_at_ms: madeAtMs };
      await transaction.updateTable('entries').set(columns).where('id', '=', id).execute();
      return { ...entry, video, madeAtMs };
    });
    if (changed && Object.keys(changes).some((name) => name !== 'durationMs')) this.#tell(changed);
    return changed;
  }

  async addPlays(plays: ReadonlyMap<string, number>): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      for (const [id, count] of plays) {
        await transaction
          .updateTable('entries')
          .set((column) => ({ plays: column('plays', '+', count) }))
          .where('id', '=', id)
          .execute();
      }
    });
  }

  /** All ids, and those of videos that should have media. */
  async withMedia(): Promise<{ readonly ids: ReadonlySet<string>; readonly playable: readonly string[] }> {
    const rows = await this.#db.selectFrom('entries').select(['id', 'video_status']).execute();
    const playable = rows.filter(({ video_status: status }) => status === 'ready').map(({ id }) => id);
    return { ids: new Set(rows.map(({ id }) => id)), playable };
  }

  async idsRecording(): Promise<string[]> {
    const rows = await this.#db.selectFrom('entries').select('id').where('video_status', '=', 'recording').execute();
    return rows.map(({ id }) => id);
  }

  async unfinishedClips(): Promise<string[]> {
    return await this.#idsProcessing('clip');
  }

  async unfinishedUploads(): Promise<string[]> {
    return await this.#idsProcessing('upload');
  }

  async #idsProcessing(origin: 'clip' | 'upload'): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('entries')
      .select('id')
      .where('origin', '=', origin)
      .where('video_status', '=', 'processing')
      .execute();
    return rows.map(({ id }) => id);
  }

  /** Videos that are older than they are to be kept. */
  async idsPastRetention(nowMs: number): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('entries')
      .select('id')
      .where('type', '=', 'video')
      .where('video_status', 'in', ['ready', 'failed'])
      .where('retention_days', 'is not', null)
      .where(sql<boolean>`coalesce(made_at_ms, created_at_ms) <= ${nowMs} - retention_days * ${dayMs}`)
      .execute();
    return rows.map(({ id }) => id);
  }

  /** An entry was created, changed or deleted (its state aside). Returns what takes the listener away again. */
  onChanged(listener: (id: string) => void): () => void {
    return this.#changed.add(listener);
  }

  onDeleted(listener: (id: string) => void): () => void {
    return this.#deleted.add(listener);
  }

  async countByState(): Promise<Partial<Record<EntryState, number>>> {
    const rows = await this.#db
      .selectFrom('entries')
      .select((count) => ['state', count.fn.countAll().as('total')])
      .where('type', '=', 'live')
      .groupBy('state')
      .execute();
    return Object.fromEntries(rows.map(({ state, total }) => [state, Number(total)]));
  }

  /** Entries whose broadcast runs or waits for its publisher. */
  async idsBroadcasting(): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('entries')
      .select('id')
      .where('state', 'in', ['starting', 'live', 'interrupted'])
      .execute();
    return rows.map(({ id }) => id);
  }

  async #change(id: string, change: (entry: StoredEntry) => StoredEntry): Promise<StoredEntry | undefined> {
    const changed = await this.#db.transaction().execute(async (transaction) => {
      const entry = await read(transaction, id);
      if (!entry) return undefined;
      const changed = { ...change(entry), updatedAtMs: Math.max(this.#now(), entry.updatedAtMs) };
      // These are not edits, and may have changed meanwhile.
      const { state: _, plays: __, ...row } = toEntryRow(changed);
      await transaction.updateTable('entries').set(row).where('id', '=', id).execute();
      return changed;
    });
    if (changed) this.#tell(changed);
    return changed;
  }

  /** What an entry was made of shows it, too. */
  #tell({ id, video }: StoredEntry): void {
    this.#changed.tell(id);
    if (video?.sourceEntryId) this.#changed.tell(video.sourceEntryId);
  }

  #compose(input: NewLiveEntry | NewManualEntry | NewVideo, profileId: string | null): StoredEntry {
    const id = `0_${randomText(8, lowerAlphanumeric, this.#random)}`;
    const nowMs = this.#now();
    const live = input.type === 'live' ? input : undefined;
    return {
      id,
      type: input.type,
      name: input.name,
      description: input.description ?? '',
      tags: [...(input.tags ?? [])],
      profileId,
      dvr: live ? (live.dvr ?? { enabled: true, windowMinutes: 120 }) : { enabled: false, windowMinutes: 120 },
      recording: live?.recording ?? 'off',
      captions: live?.captions ?? defaultCaptions,
      urls: input.type === 'manual' ? input.urls : {},
      ingest:
        input.type === 'video'
          ? { username: id, password: '', whipToken: '', expiresAtMs: null }
          : this.#credentials(id, null),
      state: 'idle',
      video: input.type === 'video' ? toVideo(input) : null,
      createdBy: input.createdBy ?? null,
      plays: 0,
      retentionDays: input.retentionDays ?? null,
      madeAtMs: input.type === 'video' && input.status === 'ready' ? nowMs : null,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
  }

  #credentials(id: string, expiresAtMs: number | null): StreamCredentials {
    return {
      username: id,
      password: randomText(24, lowerAlphanumeric, this.#random),
      whipToken: randomText(40, urlSafe, this.#random),
      expiresAtMs,
    };
  }

  async #defaultProfileId(): Promise<string> {
    const row = await this.#db
      .selectFrom('profiles')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirstOrThrow();
    return row.id;
  }
}

/** Lengths come from samples, and are whole milliseconds from here on. */
function toVideo(input: VideoFacts): VideoFacts {
  const { origin, status, progress, failure, sourceEntryId, rootEntryId, trimmed } = input;
  const durationMs = Math.round(input.durationMs);
  return { origin, status, progress, failure, durationMs, sourceEntryId, rootEntryId, trimmed };
}

async function read(
  db: Kysely<CatalogTables> | Transaction<CatalogTables>,
  id: string,
): Promise<StoredEntry | undefined> {
  const row = await db.selectFrom('entries').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toStoredEntry(row);
}
