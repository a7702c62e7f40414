import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database.ts';
import { isRefusal } from '../errors.ts';
import { Broadcasts } from './broadcasts.ts';
import { Entries } from './entries.ts';
import { catalogMigrations, type CatalogTables } from './migrations.ts';
import { Users } from './users.ts';

let directory: string;
let db: Kysely<CatalogTables>;
let nowMs: number;
const now = () => nowMs;
const path = () => join(directory, 'catalog.db');

beforeEach(async () => {
  nowMs = 1000;
  directory = await mkdtemp(join(tmpdir(), 'tallylight-catalog-'));
  db = await openDatabase<CatalogTables>(path(), catalogMigrations);
});
afterEach(async () => {
  await db.destroy();
  await rm(directory, { recursive: true });
});

describe('entries', () => {
  it('survive a restart as they are', async () => {
    const entries = new Entries(db, { now });
    const created = await entries.create({ type: 'live', name: 'Kept 🎥', tags: ['ä', 'b'], recording: 'append' });
    await db.destroy();
    db = await openDatabase<CatalogTables>(path(), catalogMigrations);
    expect(await new Entries(db).get(created.id)).toEqual(created);
  });

  it('get another id when the first one is taken', async () => {
    const ids = [0, 0, 1];
    let calls = 0;
    // The first eight bytes of each entry make its id.
    const random = (size: number) => new Uint8Array(size).fill(size === 8 ? (ids[calls++] ?? 2) : 7);
    const entries = new Entries(db, { now, random });
    expect((await entries.create({ type: 'live', name: 'First' })).id).toBe('0_aaaaaaaa');
    expect((await entries.create({ type: 'live', name: 'Second' })).id).toBe('0_bbbbbbbb');
  });

  it('keep the state that was set while they were changed, and their time of change when only the state is', async () => {
    const entries = new Entries(db, { now });
    const { id } = await entries.create({ type: 'live', name: 'Changed' });
    nowMs = 2000;
    await Promise.all([entries.update(id, { name: 'Changed twice' }), entries.setState(id, 'live')]);
    nowMs = 3000;
    await entries.setState(id, 'ended');
    expect(await entries.get(id)).toMatchObject({ name: 'Changed twice', state: 'ended', updatedAtMs: 2000 });
  });

  const recording = {
    name: 'Morning show 1',
    profileId: 'cloud',
    origin: 'recording',
    status: 'recording',
    progress: null,
    failure: null,
    durationMs: 0,
    rootEntryId: null,
    trimmed: false,
  } as const;
  const dayMs = 24 * 3600 * 1000;

  it('that are videos survive a restart, and say when they change to those who watch their source', async () => {
    const entries = new Entries(db, { now });
    const live = await entries.create({ type: 'live', name: 'Morning show' });
    const told: string[] = [];
    const stop = entries.onChanged((id) => told.push(id));
    const video = await entries.createVideo({ ...recording, sourceEntryId: live.id });
    expect(told.splice(0)).toEqual([video.id, live.id]);
    await entries.setVideo(video.id, { durationMs: 5000 });
    expect(told).toEqual([]);
    nowMs = 9000;
    const ready = await entries.setVideo(video.id, { status: 'ready', durationMs: 6000 });
    expect(told.splice(0)).toEqual([video.id, live.id]);
    expect(ready).toMatchObject({ madeAtMs: 9000, updatedAtMs: 1000, video: { durationMs: 6000, status: 'ready' } });
    expect(await entries.get(video.id)).toEqual(ready);
    expect(await entries.setVideo(live.id, { status: 'ready' })).toBeUndefined();
    await entries.update(video.id, { name: 'Another name' });
    expect(await entries.get(video.id)).toMatchObject({ name: 'Another name', video: { durationMs: 6000 } });
    const found = await entries.list({ sourceId: live.id, origin: 'recording', type: 'video' });
    expect(found.items.map(({ id }) => id)).toEqual([video.id]);
    expect(await entries.list({ origin: 'clip' })).toMatchObject({ total: 0 });
    stop();
  });

  it('that are videos last whole milliseconds, whatever is told and whatever was stored', async () => {
    const entries = new Entries(db, { now });
    const video = await entries.createVideo({ ...recording, sourceEntryId: null, durationMs: 2500.4 });
    expect(video.video?.durationMs).toBe(2500);
    const changed = await entries.setVideo(video.id, { durationMs: 68_178.122_448_979_59 });
    expect(changed?.video?.durationMs).toBe(68_178);
    expect(await entries.get(video.id)).toEqual(changed);
    const column = () => db.selectFrom('entries').select('duration_ms').where('id', '=', video.id);
    expect(await column().executeTakeFirst()).toEqual({ duration_ms: 68_178 });
    await db.updateTable('entries').set({ duration_ms: 1000.75 }).where('id', '=', video.id).execute();
    expect((await entries.get(video.id))?.video?.durationMs).toBe(1001);
  });

  it('that are videos are kept as many days after they were complete as they are to be', async () => {
    const entries = new Entries(db, { now });
    const { id } = await entries.createVideo({ ...recording, sourceEntryId: null, retentionDays: 2 });
    const other = await entries.createVideo({ ...recording, sourceEntryId: null });
    nowMs = 10 * dayMs;
    expect(await entries.idsPastRetention(nowMs)).toEqual([]);
    for (const video of [id, other.id]) await entries.setVideo(video, { status: 'ready' });
    expect(await entries.idsPastRetention(nowMs + 2 * dayMs - 1)).toEqual([]);
    expect(await entries.idsPastRetention(nowMs + 2 * dayMs)).toEqual([id]);
    await entries.update(id, { retentionDays: 3 });
    expect(await entries.idsPastRetention(nowMs + 2 * dayMs)).toEqual([]);
  });

  it('add up how often they were played', async () => {
    const entries = new Entries(db, { now });
    const { id } = await entries.create({ type: 'live', name: 'Morning show' });
    await Promise.all([
      entries.addPlays(
        new Map([
          [id, 2],
          ['0_zzzzzzzz', 1],
        ]),
      ),
      entries.update(id, { name: 'Evening show' }),
      entries.addPlays(new Map([[id, 3]])),
    ]);
    expect(await entries.get(id)).toMatchObject({ name: 'Evening show', plays: 5 });
  });

  it('get new credentials for ever or until a time, and keep them over a restart', async () => {
    const entries = new Entries(db, { now });
    const { id, ingest } = await entries.create({ type: 'live', name: 'Morning show' });
    expect(ingest.expiresAtMs).toBeNull();
    const ending = await entries.renewCredentials(id, 1_900_000_000_000);
    expect(ending?.ingest).toMatchObject({ username: id, expiresAtMs: 1_900_000_000_000 });
    expect(ending?.ingest.password).not.toBe(ingest.password);
    await db.destroy();
    db = await openDatabase<CatalogTables>(path(), catalogMigrations);
    const again = new Entries(db, { now });
    expect(await again.get(id)).toEqual(ending);
    expect((await again.renewCredentials(id))?.ingest.expiresAtMs).toBeNull();
  });

  it('that do not exist are not made by changing them', async () => {
    const entries = new Entries(db, { now });
    await entries.setState('0_zzzzzzzz', 'live');
    expect(await entries.update('0_zzzzzzzz', { name: 'Nobody' })).toBeUndefined();
    expect(await entries.renewCredentials('0_zzzzzzzz')).toBeUndefined();
    expect(await entries.delete('0_zzzzzzzz')).toBe(false);
    expect(await entries.list()).toEqual({ items: [], total: 0 });
  });

  it('tell of what was made, changed and deleted, not of what failed', async () => {
    const entries = new Entries(db, { now });
    const told: string[] = [];
    const stop = entries.onChanged((id) => told.push(id));
    const { id } = await entries.create({ type: 'live', name: 'Talked about' });
    await entries.update(id, { name: 'Still talked about' });
    await entries.update('0_zzzzzzzz', { name: 'Nobody' });
    await entries.delete(id);
    stop();
    await entries.create({ type: 'live', name: 'Not heard' });
    expect(told).toEqual([id, id, id]);
  });

  it('are counted by state', async () => {
    const entries = new Entries(db, { now });
    const { id } = await entries.create({ type: 'live', name: 'First' });
    await entries.create({ type: 'live', name: 'Second' });
    await entries.create({ type: 'manual', name: 'Third', urls: { hls: 'https://x.example/' } });
    await entries.setState(id, 'interrupted');
    expect(await entries.countByState()).toEqual({ idle: 1, interrupted: 1 });
    expect(await entries.idsBroadcasting()).toEqual([id]);
  });
});

describe('broadcasts', () => {
  it('are interrupted, resumed and ended, and then stay as they are', async () => {
    const { id: entryId } = await new Entries(db).create({ type: 'live', name: 'On the air' });
    const broadcasts = new Broadcasts(db);
    await broadcasts.create({ id: 'one', entryId, startedAtMs: 1 });
    await broadcasts.interrupt('one', 2);
    expect(await broadcasts.last(entryId)).toMatchObject({ interruptedAtMs: 2, endedAtMs: null });
    await broadcasts.resume('one');
    expect(await broadcasts.last(entryId)).toMatchObject({ interruptedAtMs: null });
    await broadcasts.interrupt('one', 3);
    expect((await broadcasts.open()).map(({ id }) => id)).toEqual(['one']);
    await broadcasts.end('one', 4);
    await broadcasts.end('one', 9);
    await broadcasts.interrupt('one', 9);
    expect(await broadcasts.last(entryId)).toMatchObject({ interruptedAtMs: null, endedAtMs: 4 });
    expect(await broadcasts.open()).toEqual([]);
  });

  it('are found for many entries at once', async () => {
    const entries = new Entries(db);
    const broadcasts = new Broadcasts(db);
    const [first, second, third] = await Promise.all(
      ['First', 'Second', 'Third'].map((name) => entries.create({ type: 'live', name })),
    );
    if (!first || !second || !third) throw new Error('not created');
    await broadcasts.create({ id: 'a', entryId: first.id, startedAtMs: 1 });
    await broadcasts.create({ id: 'b', entryId: first.id, startedAtMs: 2 });
    await broadcasts.create({ id: 'c', entryId: second.id, startedAtMs: 1 });
    const last = await broadcasts.lastOf([first.id, second.id, third.id]);
    expect(last.size).toBe(2);
    expect(last.get(first.id)?.id).toBe('b');
    expect(last.get(second.id)?.id).toBe('c');
    expect(await broadcasts.lastOf([])).toEqual(new Map());
  });
});

describe('the first user', () => {
  const works = async (users: Users, password: string) => !isRefusal(await users.signIn('admin@localhost', password));

  it('gets a password of its own once', async () => {
    const users = new Users(db, { now });
    const made = await users.ensureFirstUser({ email: 'admin@localhost' });
    expect(made).toEqual({ created: true, generatedPassword: expect.stringMatching(/^[a-z0-9]{20}$/) });
    expect(await works(users, made.generatedPassword ?? '')).toBe(true);
    expect(await users.ensureFirstUser({ email: 'admin@localhost' })).toEqual({ created: false });
    expect(await works(users, made.generatedPassword ?? '')).toBe(true);
  });

  it('gets the password that is configured, also later, which ends the sessions of the old one', async () => {
    const users = new Users(db, { now });
    expect(await users.ensureFirstUser({ email: 'Admin@localhost', password: 'first one' })).toEqual({ created: true });
    const signedIn = await users.signIn('admin@localhost', 'first one');
    if (isRefusal(signedIn)) throw new Error('not signed in');
    await users.ensureFirstUser({ email: 'admin@localhost', password: 'first one' });
    expect(await users.authenticate(signedIn.token)).toBeDefined();
    expect(await users.ensureFirstUser({ email: 'admin@localhost', password: 'second one' })).toEqual({
      created: false,
    });
    expect(await works(users, 'first one')).toBe(false);
    expect(await works(users, 'second one')).toBe(true);
    expect(await users.authenticate(signedIn.token)).toBeUndefined();
  });

  it('is not made a second time for another address without a password', async () => {
    const users = new Users(db, { now });
    await users.ensureFirstUser({ email: 'admin@localhost', password: 'first one' });
    expect(await users.ensureFirstUser({ email: 'other@localhost' })).toEqual({ created: false });
    expect(await users.ensureFirstUser({ email: 'other@localhost', password: 'theirs' })).toEqual({ created: true });
  });
});

describe('sessions', () => {
  it('are kept without their tokens, remember when they were seen, and are removed when they have expired', async () => {
    const users = new Users(db, { now });
    await users.ensureFirstUser({ email: 'admin@localhost', password: 'first one' });
    const signedIn = await users.signIn('admin@localhost', 'first one');
    if (isRefusal(signedIn)) throw new Error('not signed in');
    nowMs += 3_600_000;
    await users.authenticate(signedIn.token);
    const row = await db.selectFrom('sessions').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(signedIn.token);
    expect(row.last_seen_at_ms).toBe(nowMs);
    nowMs += 30 * 86_400_000;
    await users.signIn('admin@localhost', 'first one');
    expect(await db.selectFrom('sessions').selectAll().execute()).toHaveLength(1);
  });

  it('are refused to a flood of sign-ins rather than hashed all at once', async () => {
    const users = new Users(db, { now });
    await users.ensureFirstUser({ email: 'admin@localhost', password: 'first one' });
    const answers = await Promise.all(Array.from({ length: 60 }, () => users.signIn('admin@localhost', 'guess')));
    const codes = answers.map((answer) => isRefusal(answer) && answer.refused);
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(10);
    expect(isRefusal(await users.signIn('admin@localhost', 'first one'))).toBe(false);
  });
});
