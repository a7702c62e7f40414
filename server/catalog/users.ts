import type { Kysely } from 'kysely';
import type { User } from '../../shared/model/user.ts';
import { refuse, type Refusal } from '../errors.ts';
import { emailKey } from './emailKey.ts';
import { Listeners } from '../listeners.ts';
import { hashPassword, passwordMatches } from './passwordHash.ts';
import { lowerAlphanumeric, randomText, type RandomBytes } from './randomText.ts';
import { Sessions, type Session } from './sessions.ts';

import type { CatalogTables, UserRow } from './tables.ts';

export type { Session } from './sessions.ts';

/** Sign-ins under way, of which one at a time computes its hash. */
const maxWaiting = 50;

/** People who may use the studio, and their sessions. There is no way to sign up from outside. */
export class Users {
  readonly #db: Kysely<CatalogTables>;
  readonly #now: () => number;
  readonly #random: RandomBytes | undefined;
  readonly #sessions: Sessions;
  readonly #signedOut = new Listeners<Session>();
  /** Compared with when there is no such user, so that the answer takes as long. */
  #nobodysHash: Promise<string> | undefined;
  #waiting = 0;
  #turns: Promise<unknown> = Promise.resolve();

  constructor(db: Kysely<CatalogTables>, options: { now?: () => number; random?: RandomBytes } = {}) {
    this.#db = db;
    this.#now = options.now ?? Date.now;
    this.#random = options.random;
    this.#sessions = new Sessions(db, this.#now, options.random);
  }

  /** Makes the user there has to be. A password that is given is the user's from now on, and ends sessions of an old one. */
  async ensureFirstUser(admin: {
    email: string;
    password?: string;
  }): Promise<{ created: boolean; generatedPassword?: string }> {
    const existing = await this.#findByEmail(admin.email);
    if (existing) {
      if (admin.password !== undefined && !(await passwordMatches(admin.password, existing.password_hash)))
        await this.#setPassword(existing.id, admin.password);
      return { created: false };
    }
    if (admin.password !== undefined) {
      await this.#create(admin.email, admin.password);
      return { created: true };
    }
    if (await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst()) return { created: false };
    const generatedPassword = randomText(20, lowerAlphanumeric, this.#random);
    await this.#create(admin.email, generatedPassword);
    return { created: true, generatedPassword };
  }

  /** The same refusal whether the address or the password is wrong. */
  async signIn(email: string, password: string): Promise<{ token: string; user: User } | Refusal> {
    if (this.#waiting >= maxWaiting) return refuse('overloaded');
    this.#waiting += 1;
    try {
      return await this.#oneAtATime(() => this.#signIn(email, password));
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Undefined when the token is unknown or has expired. */
  async authenticate(token: string): Promise<Session | undefined> {
    return await this.#sessions.find(token);
  }

  async signOut(session: Session): Promise<void> {
    await this.#sessions.end(session.id);
    this.#signedOut.tell(session);
  }

  /** Returns what takes the listener away again. */
  onSignedOut(listener: (session: Session) => void): () => void {
    return this.#signedOut.add(listener);
  }

  async #signIn(email: string, password: string): Promise<{ token: string; user: User } | Refusal> {
    const row = await this.#findByEmail(email);
    const matches = await passwordMatches(password, row?.password_hash ?? (await this.#hashOfNobody()));
    if (!row || !matches) return refuse('wrongCredentials');
    return { token: await this.#sessions.start(row.id), user: toUser(row) };
  }

  async #findByEmail(email: string): Promise<UserRow | undefined> {
    return await this.#db.selectFrom('users').selectAll().where('email', '=', emailKey(email)).executeTakeFirst();
  }

  async #create(email: string, password: string): Promise<void> {
    const nowMs = this.#now();
    const row: UserRow = {
      id: `u_${randomText(10, lowerAlphanumeric, this.#random)}`,
      email: emailKey(email),
      name: email.split('@')[0] || email,
      password_hash: await hashPassword(password),
      created_at_ms: nowMs,
      updated_at_ms: nowMs,
    };
    await this.#db.insertInto('users').values(row).execute();
  }

  async #setPassword(id: string, password: string): Promise<void> {
    const changes = { password_hash: await hashPassword(password), updated_at_ms: this.#now() };
    await this.#db.updateTable('users').set(changes).where('id', '=', id).execute();
    await this.#sessions.endAllOf(id);
  }

  #hashOfNobody(): Promise<string> {
    this.#nobodysHash ??= hashPassword(randomText(20, lowerAlphanumeric));
    return this.#nobodysHash;
  }

  /** Hashing takes threads that files and media need as well; a flood of sign-ins gets only one of them. */
  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(work);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }
}

function toUser(row: UserRow): User {
  return { id: row.id, email: row.email, name: row.name };
}
