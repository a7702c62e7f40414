import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import type { StateEvent } from '../../shared/events/events.ts';
import type { Recorded, TranscodeFailure } from '../../shared/model/entry.ts';
import type { HealthSample } from '../../shared/model/health.ts';
import type { IngestEvent, IngestSource } from '../../shared/model/ingestSource.ts';
import { Broadcasts } from '../catalog/broadcasts.ts';
import { Entries } from '../catalog/entries.ts';
import { Listeners } from '../listeners.ts';
import { catalogMigrations, type CatalogTables } from '../catalog/migrations.ts';
import { Profiles } from '../catalog/profiles.ts';
import { Users } from '../catalog/users.ts';
import { ViewerCounts } from '../catalog/viewerCounts.ts';
import { openDatabase } from '../database.ts';
import type { Refusal } from '../errors.ts';
import { listen } from '../http.ts';
import type { Track } from '../media/track.ts';
import { createApi } from './api.ts';
import type { ClipControl, ClipRequest, CutRange } from './clipControl.ts';
import type { EntryMedia } from './entryMedia.ts';
import type { StorageUse } from './entryView.ts';
import { attachEvents } from './events.ts';
import type { LiveControl } from './liveControl.ts';
import type { PictureControl, Waveform } from './pictureControl.ts';

export const email = 'admin@localhost';
export const password = 'correct horse battery';

/** A live stage that does as the test says. */
class ScriptedLive implements LiveControl {
  readonly ended: string[] = [];
  readonly states = new Listeners<StateEvent>();
  readonly healths = new Listeners<[string, HealthSample]>();
  readonly failures = new Listeners<[string, TranscodeFailure]>();
  readonly sourceLists = new Listeners<[string, readonly IngestSource[]]>();
  readonly ingest = new Listeners<[string, IngestEvent]>();
  listening = 0;
  failure: TranscodeFailure | null = null;
  samples: HealthSample[] = [];
  sourceList: IngestSource[] = [];
  eventList: IngestEvent[] = [];

  end(entryId: string): Promise<void> {
    this.ended.push(entryId);
    return Promise.resolve();
  }
  lastFailure(): TranscodeFailure | null {
    return this.failure;
  }
  recentHealth(): readonly HealthSample[] {
    return this.samples;
  }
  sources(): readonly IngestSource[] {
    return this.sourceList;
  }
  ingestEvents(): readonly IngestEvent[] {
    return this.eventList;
  }
  onState(listener: (event: StateEvent) => void): () => void {
    return this.#counted(this.states.add(listener));
  }
  onHealth(listener: (entryId: string, sample: HealthSample) => void): () => void {
    return this.#counted(this.healths.add(([entryId, sample]) => listener(entryId, sample)));
  }
  onFailure(listener: (entryId: string, failure: TranscodeFailure) => void): () => void {
    return this.#counted(this.failures.add(([entryId, failure]) => listener(entryId, failure)));
  }
  onSources(listener: (entryId: string, sources: readonly IngestSource[]) => void): () => void {
    return this.#counted(this.sourceLists.add(([entryId, sources]) => listener(entryId, sources)));
  }
  onIngestEvent(listener: (entryId: string, event: IngestEvent) => void): () => void {
    return this.#counted(this.ingest.add(([entryId, event]) => listener(entryId, event)));
  }

  #counted(remove: () => void): () => void {
    this.listening += 1;
    return () => {
      this.listening -= 1;
      remove();
    };
  }
}

/** Media that are as the test says. */
class ScriptedMedia implements EntryMedia {
  readonly removed: string[] = [];
  readonly #remove: (entryId: string) => Promise<boolean>;
  trackList: Track[] = [];
  bytes: ReadonlyMap<string, number> | undefined;
  recordedAs: Recorded | null = null;
  storage = { sizeBytes: 0, sharedBytes: 0 };

  constructor(remove: (entryId: string) => Promise<boolean>) {
    this.#remove = remove;
  }

  tracks(): Promise<readonly Track[]> {
    return Promise.resolve(this.trackList);
  }
  trackBytes(): Promise<ReadonlyMap<string, number> | undefined> {
    return Promise.resolve(this.bytes);
  }
  use(): Promise<StorageUse> {
    return Promise.resolve(this.storage);
  }
  recorded(): Recorded | null {
    return this.recordedAs;
  }
  remove(entryId: string): Promise<boolean> {
    this.removed.push(entryId);
    return this.#remove(entryId);
  }
}

/** Pictures that are as the test says. */
class ScriptedPictures implements PictureControl {
  readonly versions = new Map<string, string>();
  readonly chosen: (number | Buffer)[] = [];
  refusal: Refusal | undefined;

  posterVersion(entryId: string): string | undefined {
    return this.versions.get(entryId);
  }
  choosePosterFrame(entryId: string, atMs: number): Promise<Refusal | undefined> {
    return this.#choose(entryId, atMs);
  }
  choosePosterImage(entryId: string, image: Uint8Array): Promise<Refusal | undefined> {
    return this.#choose(entryId, Buffer.from(image));
  }
  removePoster(entryId: string): Promise<void> {
    this.versions.delete(entryId);
    return Promise.resolve();
  }
  peaks({ fromMs, toMs = 8000, points }: Parameters<PictureControl['peaks']>[0]): Promise<Waveform | Refusal> {
    const of = (value: number) => Array.from({ length: points }, () => value);
    return Promise.resolve(this.refusal ?? { fromMs, toMs, durationMs: 8000, min: of(-5), max: of(7), complete: true });
  }

  #choose(entryId: string, chosen: number | Buffer): Promise<Refusal | undefined> {
    if (!this.refusal) this.versions.set(entryId, String(this.chosen.push(chosen)));
    return Promise.resolve(this.refusal);
  }
}

/** Clips that come about as the test says. */
class ScriptedClips implements ClipControl {
  readonly replaced = new Listeners<string>();
  readonly asked: unknown[] = [];
  refusal: Refusal | undefined;
  entryId = '';
  finished: Promise<Refusal | undefined> = Promise.resolve(undefined);

  span(): ReturnType<ClipControl['span']> {
    const picture = { hasPicture: true, frameRate: 30, hasSource: true };
    const parts = [{ startMs: 0, epochMs: 0 }];
    const span = { startMs: 0, endMs: 8000, live: false, epochMs: 0, parts, gaps: [], ...picture };
    return Promise.resolve(this.refusal ?? span);
  }
  create(clip: ClipRequest): ReturnType<ClipControl['create']> {
    this.asked.push(clip);
    return Promise.resolve(this.refusal ?? { entryId: this.entryId, finished: this.finished });
  }
  partsOf(entryIds: readonly string[]): ReturnType<ClipControl['partsOf']> {
    const part = { entryId: '0_source01', inMs: 1000, outMs: 2000 };
    return Promise.resolve(new Map(entryIds.map((id) => [id, [part]])));
  }
  trim(entryId: string, range: CutRange): Promise<Refusal | undefined> {
    this.asked.push({ entryId, ...range });
    return Promise.resolve(this.refusal);
  }
  undoTrim(): Promise<Refusal | undefined> {
    return Promise.resolve(this.refusal);
  }
  keepTrim(): Promise<Refusal | undefined> {
    return Promise.resolve(this.refusal);
  }
  onReplaced(listener: (entryId: string) => void): () => void {
    return this.replaced.add(listener);
  }
}

export interface StartApiOptions {
  readonly clientDirectory?: string;
  /** Real stages in place of those that do as the test says, with the database they share. */
  readonly over?: {
    readonly database: Kysely<CatalogTables>;
    readonly entries: Entries;
    readonly clips: ClipControl;
    readonly remove: (entryId: string) => Promise<boolean>;
  };
}

/** The control plane over a real server and, unless it is given one, a database of its own. */
export async function startApi({ clientDirectory, over }: StartApiOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'tallylight-api-'));
  const database = over?.database ?? (await openDatabase<CatalogTables>(join(directory, 'test.db'), catalogMigrations));
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const clock = { offsetMs: 0, ready: true };
  const now = () => Date.now() + clock.offsetMs;
  const entries = over?.entries ?? new Entries(database, { now });
  const broadcasts = new Broadcasts(database);
  const profiles = new Profiles(database, { now });
  const users = new Users(database, { now });
  await users.ensureFirstUser({ email, password });
  const viewerCounts = new ViewerCounts(database);
  const live = new ScriptedLive();
  const media = new ScriptedMedia(over?.remove ?? ((entryId) => entries.delete(entryId)));
  const pictures = new ScriptedPictures();
  const clips = new ScriptedClips();
  const { app } = createApi({
    entries,
    profiles,
    broadcasts,
    users,
    viewerCounts,
    live,
    media,
    pictures,
    clips: over?.clips ?? clips,
    viewers: () => 3,
    addresses: () => ({
      publicUrl: 'https://live.example.org',
      rtmpPort: 1935,
      rtmpsPort: 1936,
      rtspPort: 8554,
      announcedAddress: '203.0.113.5',
    }),
    clientDirectory,
    ready: () => clock.ready,
    log,
  });
  const server = createServer(app);
  const events = attachEvents({ server, entries, broadcasts, users, live, clips: over?.clips ?? clips, log, now });
  const url = `http://localhost:${await listen(server, 0, 'HTTP_PORT')}`;
  return {
    url,
    entries,
    broadcasts,
    profiles,
    users,
    viewerCounts,
    live,
    media,
    pictures,
    clips,
    events,
    clock,
    lines,
    async close() {
      await events.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (!over) await database.destroy();
      await rm(directory, { recursive: true });
    },
  };
}

export type ApiUnderTest = Awaited<ReturnType<typeof startApi>>;

/** What came back, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at whatever the server said
  readonly json: any;
}

export async function send(
  url: string,
  method: string,
  path: string,
  options: { body?: unknown; raw?: BodyInit; token?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, raw, token, headers } = options;
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

export async function signIn(url: string): Promise<string> {
  const answer = await send(url, 'POST', '/api/v1/session', { body: { email, password } });
  return answer.json.token as string;
}
