import { isDeepStrictEqual } from 'node:util';
import type { Kysely, Transaction } from 'kysely';
import { refuse, type Refusal } from '../errors.ts';
import type { Profile } from '../../shared/model/profile.ts';
import { cloudProfileId } from './builtInProfiles.ts';
import { toProfile, toProfileRow } from './profileRow.ts';
import { lowerAlphanumeric, randomText, type RandomBytes } from './randomText.ts';
import type { CatalogTables } from './tables.ts';

export type NewProfile = Omit<Profile, 'id' | 'builtIn'>;
export type ProfileChanges = Partial<NewProfile>;

/** Transcoding profiles. Exactly one is the default; the built-in ones can only be made that. */
export class Profiles {
  readonly #db: Kysely<CatalogTables>;
  readonly #now: () => number;
  readonly #random: RandomBytes | undefined;

  constructor(db: Kysely<CatalogTables>, options: { now?: () => number; random?: RandomBytes } = {}) {
    this.#db = db;
    this.#now = options.now ?? Date.now;
    this.#random = options.random;
  }

  /** Built-in ones first, then in the order they were made. */
  async list(): Promise<Profile[]> {
    const rows = await this.#db
      .selectFrom('profiles')
      .selectAll()
      .orderBy('built_in', 'desc')
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toProfile);
  }

  async get(id: string): Promise<Profile | undefined> {
    return await read(this.#db, id);
  }

  /** The profile of entries that name none. */
  async default(): Promise<Profile> {
    return toProfile(
      await this.#db.selectFrom('profiles').selectAll().where('is_default', '=', 1).executeTakeFirstOrThrow(),
    );
  }

  async create(input: NewProfile): Promise<Profile> {
    const id = `p_${randomText(10, lowerAlphanumeric, this.#random)}`;
    return await this.#db.transaction().execute(async (transaction) => {
      const profile = { ...input, id, builtIn: false, isDefault: false };
      await transaction.insertInto('profiles').values(toProfileRow(profile, this.#now())).execute();
      if (input.isDefault) await makeDefault(transaction, id);
      return { ...profile, isDefault: input.isDefault };
    });
  }

  /** Taking the default away from a profile gives it back to Cloud Transcode. */
  async update(id: string, changes: ProfileChanges): Promise<Profile | Refusal> {
    return await this.#db.transaction().execute(async (transaction) => {
      const profile = await read(transaction, id);
      if (!profile) return refuse('profileNotFound');
      const refusal = refuseChange(profile, changes);
      if (refusal) return refusal;
      const changed = { ...profile, ...changes };
      const { is_default: _, created_at_ms: __, ...row } = toProfileRow(changed, 0);
      await transaction.updateTable('profiles').set(row).where('id', '=', id).execute();
      if (changed.isDefault !== profile.isDefault)
        await makeDefault(transaction, changed.isDefault ? id : cloudProfileId);
      return changed;
    });
  }

  /** Undefined when it is done. */
  async delete(id: string): Promise<Refusal | undefined> {
    return await this.#db.transaction().execute(async (transaction) => {
      const profile = await read(transaction, id);
      if (!profile) return refuse('profileNotFound');
      if (profile.builtIn) return refuse('builtInProfile');
      const user = await transaction
        .selectFrom('entries')
        .select('id')
        .where('profile_id', '=', id)
        .where('type', '!=', 'video')
        .limit(1)
        .executeTakeFirst();
      if (user) return refuse('profileInUse');
      if (profile.isDefault) await makeDefault(transaction, cloudProfileId);
      // Videos only remember what they were made with.
      await transaction.updateTable('entries').set({ profile_id: null }).where('profile_id', '=', id).execute();
      await transaction.deleteFrom('profiles').where('id', '=', id).execute();
      return undefined;
    });
  }
}

function refuseChange(profile: Profile, changes: ProfileChanges): Refusal | undefined {
  if (!profile.builtIn) return undefined;
  const changed = (Object.keys(changes) as (keyof ProfileChanges)[]).filter(
    (name) => !isDeepStrictEqual(changes[name], profile[name]),
  );
  if (changed.some((name) => name !== 'isDefault')) return refuse('builtInProfile');
  if (profile.id === cloudProfileId && profile.isDefault && changes.isDefault === false)
    return refuse('builtInProfile', 'One profile has to be the default; make another one the default instead.');
  return undefined;
}

async function makeDefault(transaction: Transaction<CatalogTables>, id: string): Promise<void> {
  await transaction.updateTable('profiles').set({ is_default: 0 }).where('is_default', '=', 1).execute();
  await transaction.updateTable('profiles').set({ is_default: 1 }).where('id', '=', id).execute();
}

async function read(db: Kysely<CatalogTables> | Transaction<CatalogTables>, id: string): Promise<Profile | undefined> {
  const row = await db.selectFrom('profiles').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toProfile(row);
}
