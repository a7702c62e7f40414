import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { User } from '../../shared/model/user.ts';
import { randomText, urlSafe, type RandomBytes } from './randomText.ts';
import type { CatalogTables } from './tables.ts';

export const sessionLifetimeMs = 30 * 24 * 3600 * 1000;
/** How stale `last_seen_at_ms` may get, so that reading does not write each time. */
const lastSeenStepMs = 5 * 60 * 1000;
/** 43 characters of 64 carry 258 bits. */
const tokenLength = 43;

/** Who a token belongs to. */
export interface Session {
  /** The token's hash: names the session without being able to use it. */
  readonly id: string;
  readonly user: User;
  readonly expiresAtMs: number;
}

/** Opaque tokens; only their hashes are kept. */
export class Sessions {
  readonly #db: Kysely<CatalogTables>;
  readonly #now: () => number;
  readonly #random: RandomBytes | undefined;

  constructor(db: Kysely<CatalogTables>, now: () => number, random?: RandomBytes) {
    this.#db = db;
    this.#now = now;
    this.#random = random;
  }

  /** Returns the token, which is nowhere else. Sessions that have expired are removed on this occasion. */
  async start(userId: string): Promise<string> {
    const token = randomText(tokenLength, urlSafe, this.#random);
    const nowMs = this.#now();
    await this.#db.deleteFrom('sessions').where('expires_at_ms', '<=', nowMs).execute();
    await this.#db
      .insertInto('sessions')
      .values({
        token_hash: hashToken(token),
        user_id: userId,
        created_at_ms: nowMs,
        last_seen_at_ms: nowMs,
        expires_at_ms: nowMs + sessionLifetimeMs,
      })
      .execute();
    return token;
  }

  async find(token: string): Promise<Session | undefined> {
    const id = hashToken(token);
    const nowMs = this.#now();
    const row = await this.#db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['users.id', 'users.email', 'users.name', 'last_seen_at_ms', 'expires_at_ms'])
      .where('token_hash', '=', id)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst();
    if (!row) return undefined;
    if (nowMs - row.last_seen_at_ms >= lastSeenStepMs)
      await this.#db.updateTable('sessions').set({ last_seen_at_ms: nowMs }).where('token_hash', '=', id).execute();
    return { id, user: { id: row.id, email: row.email, name: row.name }, expiresAtMs: row.expires_at_ms };
  }

  async end(id: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('token_hash', '=', id).execute();
  }

  async endAllOf(userId: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('user_id', '=', userId).execute();
  }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
