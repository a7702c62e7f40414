import type { IncomingMessage, ServerResponse } from 'node:http';
import { MemoryLocker, Metadata, Server, type Upload } from '@tus/server';
import { errorBody, errorTable, refuse, RefusedError, reject, type Refusal } from '../../errors.ts';
import type { Closable } from '../../lifecycle.ts';
import { Imports, isImported, type ImportsOptions } from './imports.ts';
import { uploadName } from './uploadName.ts';
import { UploadFiles, type AcceptedMetadata } from './uploadFiles.ts';
import type { KnownUpload, UploadRows } from './uploadRows.ts';

export interface UploadsOptions extends Omit<ImportsOptions, 'files'> {
  readonly directory: string;
  /** Below which address it answers. */
  readonly path: string;
  readonly rows: UploadRows;
  readonly maxBytes: number;
  /** Free space that is not to be used. */
  readonly floorBytes: number;
  readonly sweepMs?: number;
}

/** Who uploads. */
export interface Uploader {
  readonly userId: string;
  /** How others see them. */
  readonly name: string;
}

/** Answered to who has sent the last byte, and to who asks again. */
const entryHeader = 'Upload-Entry';
const mostUnfinished = 20;
const forgottenAfterMs = 24 * 3600 * 1000;
const usualSweepMs = 10 * 60_000;
/** Beside the file, what is made of it has to have room. */
const roomFor = 2;
const probePatienceMs = 20_000;

/** Files that come in pieces, over connections that may break (tus 1.0), and become videos. */
export class Uploads implements Closable {
  readonly #options: UploadsOptions;
  readonly #files: UploadFiles;
  readonly #imports: Imports;
  readonly #tus: Server;
  /** What was accepted of the request that is under way. */
  readonly #accepted = new WeakMap<IncomingMessage, AcceptedMetadata>();
  readonly #finishing = new Map<string, Promise<Refusal | undefined>>();
  readonly #sweeping: NodeJS.Timeout;

  private constructor(options: UploadsOptions, files: UploadFiles) {
    this.#options = options;
    this.#files = files;
    this.#imports = new Imports({ ...options, files });
    this.#tus = new Server({
      path: options.path,
      datastore: files,
      locker: new MemoryLocker(),
      relativeLocation: true,
      maxSize: options.maxBytes,
      disableTerminationForFinishedUploads: true,
      allowedOrigins: () => false,
      onUploadCreate: (request) => {
        const node = request.runtime?.node?.req;
        const metadata = node && this.#accepted.get(node as IncomingMessage);
        return Promise.resolve({ metadata: metadata && { ...metadata } });
      },
      onUploadFinish: (_, upload) => this.#answerLast(upload),
      onResponseError: (_, error) => this.#describe(error),
    });
    this.#sweeping = setInterval(() => void this.sweep(), options.sweepMs ?? usualSweepMs).unref();
  }

  /** Goes on with what has come before the last stop. */
  static async open(options: UploadsOptions): Promise<Uploads> {
    const uploads = new Uploads(options, await UploadFiles.open(options.directory, options.rows, options.now));
    await uploads.#files.sweep();
    await uploads.#imports.recover();
    for (const upload of await options.rows.all()) {
      const file = upload.entryId === null ? await uploads.#files.look(upload.id) : undefined;
      if (file?.bytes === upload.sizeBytes) void uploads.#finish(upload.id);
    }
    return uploads;
  }

  /** Answers a request of the protocol, or rejects with a RefusedError. */
  async handle(request: IncomingMessage, response: ServerResponse, uploader: Uploader): Promise<void> {
    const { method } = request;
    if (method === 'POST') await this.#accept(request, uploader);
    else if (method === 'HEAD' || method === 'PATCH' || method === 'DELETE') {
      const upload = await this.#find(request, uploader);
      if (upload.entryId !== null) response.setHeader(entryHeader, upload.entryId);
      if (method === 'PATCH' && this.#options.disk.isLow) reject('insufficientStorage');
    } else if (method !== 'OPTIONS') {
      response.setHeader('Allow', 'OPTIONS, POST, HEAD, PATCH, DELETE');
      reject('methodNotAllowed');
    }
    await this.#tus.handle(request, response);
  }

  /** Lets go of an entry that is being deleted. */
  async forget(entryId: string): Promise<void> {
    await this.#imports.forget(entryId);
  }

  /** Removes what nobody goes on with. Never rejects. */
  async sweep(): Promise<void> {
    const { rows, now, log } = this.#options;
    try {
      for (const upload of await rows.all()) {
        const touchedAtMs = upload.doneAtMs ?? (await this.#touchedAtMs(upload));
        if (touchedAtMs === undefined || now() - touchedAtMs < forgottenAfterMs) continue;
        await this.#files.removeFile(upload.id);
        await rows.remove(upload.id);
        if (upload.doneAtMs === null) log.info({ upload: upload.id }, 'an upload was given up');
      }
    } catch (error) {
      log.error({ err: error }, 'uploads could not be looked through');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#imports.close();
    await Promise.all(this.#finishing.values());
  }

  /** Undefined for one that is being imported. */
  async #touchedAtMs({ id, entryId, createdAtMs }: KnownUpload): Promise<number | undefined> {
    if (entryId !== null) return undefined;
    return (await this.#files.look(id))?.touchedAtMs ?? createdAtMs;
  }

  async #find({ url = '' }: IncomingMessage, { userId }: Uploader): Promise<KnownUpload> {
    const id = /\/([0-9a-f]{32})\/?$/.exec(url.split('?')[0]!)?.[1];
    const upload = id === undefined ? undefined : await this.#options.rows.get(id);
    return upload?.userId === userId ? upload : reject('uploadNotFound');
  }

  async #accept(request: IncomingMessage, { userId, name: createdBy }: Uploader): Promise<void> {
    const { maxBytes, profiles, rows } = this.#options;
    const sizeBytes = readLength(request.headers['upload-length']);
    if (sizeBytes > maxBytes) reject('uploadTooLarge', undefined, { maxBytes });
    const unfinished = (await rows.all()).filter(({ entryId }) => entryId === null);
    if (unfinished.filter((upload) => upload.userId === userId).length >= mostUnfinished) reject('tooManyUploads');
    await this.#checkRoom(sizeBytes, unfinished);
    const given = readMetadata(request.headers['upload-metadata']);
    const profile = given.profileId ? await profiles.get(given.profileId) : await profiles.default();
    if (!profile) reject('profileNotFound');
    const name = uploadName(given.name, given.filename);
    this.#accepted.set(request, { userId, createdBy, name, profileId: profile.id });
  }

  async #checkRoom(sizeBytes: number, unfinished: readonly KnownUpload[]): Promise<void> {
    const { disk, floorBytes } = this.#options;
    if (disk.isLow) reject('insufficientStorage');
    if (disk.freeBytes === undefined) return;
    let promisedBytes = 0;
    for (const { id, sizeBytes: whole } of unfinished)
      promisedBytes += whole * roomFor - ((await this.#files.look(id))?.bytes ?? 0);
    if (disk.freeBytes - promisedBytes - sizeBytes * roomFor < floorBytes) reject('insufficientStorage');
  }

  async #answerLast({ id }: Upload): Promise<{
    status_code?: number;
    headers?: Record<string, string>;
    body?: string;
  }> {
    const refusal = await this.#finish(id);
    const entryId = (await this.#options.rows.get(id))?.entryId;
    const headers: Record<string, string> = entryId ? { [entryHeader]: entryId } : {};
    if (!refusal) return { headers };
    return {
      status_code: errorTable[refusal.refused].status,
      headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify(errorBody({ ...refusal, details: { entryId } })),
    };
  }

  /** All of a file has come. Resolves with what is wrong with it, as far as can be said soon. */
  #finish(id: string): Promise<Refusal | undefined> {
    const finishing = this.#finishing.get(id) ?? this.#beginImport(id).finally(() => void this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    return finishing;
  }

  async #beginImport(id: string): Promise<Refusal | undefined> {
    const { catalog, rows, log } = this.#options;
    try {
      const upload = await rows.get(id);
      if (!upload || isImported(upload)) return undefined;
      const { name, createdBy, profileId } = upload;
      const { id: entryId } = await catalog.createVideo({ name, createdBy, profileId, ...newVideo });
      if (!(await rows.become(id, entryId))) {
        await catalog.delete(entryId);
        return undefined;
      }
      return await within(probePatienceMs, this.#imports.start({ ...upload, entryId }));
    } catch (error) {
      log.error({ err: error }, 'an upload could not become an entry');
      return refuse('internal');
    }
  }

  /** The library's own refusals are plain text of the protocol; what else goes wrong is not for strangers. */
  #describe(error: Error | { status_code: number; body: string }): { status_code: number; body: string } | undefined {
    if ('status_code' in error) return undefined;
    const refusal = error instanceof RefusedError ? error.refusal : refuse('internal');
    if (refusal.refused === 'internal') this.#options.log.error({ err: error }, 'an upload failed');
    return { status_code: errorTable[refusal.refused].status, body: JSON.stringify(errorBody(refusal)) };
  }
}

const newVideo = {
  origin: 'upload',
  status: 'processing',
  progress: null,
  failure: null,
  durationMs: 0,
  sourceEntryId: null,
  rootEntryId: null,
  trimmed: false,
} as const;

function readLength(header: string | string[] | undefined): number {
  const text = typeof header === 'string' ? header : '';
  if (!/^[1-9]\d{0,15}$/.test(text)) reject('badRequest', 'Upload-Length has to say how many bytes the file has.');
  return Number(text);
}

function readMetadata(header: string | string[] | undefined): Record<string, string | null> {
  if (typeof header !== 'string' || header === '') return {};
  try {
    return Metadata.parse(header);
  } catch {
    return reject('badRequest', 'Upload-Metadata is not valid.');
  }
}

/** Undefined when it takes longer. */
async function within<T>(patienceMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMs, undefined).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
