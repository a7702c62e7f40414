import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isRefusal, refuse, RefusedError, type Refusal } from '../../errors.ts';
import type { Closable } from '../../lifecycle.ts';
import type { Logger } from '../../log.ts';
import type { SegmentStore } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { FfmpegTaskError } from '../../transcode/ffmpegTask.ts';
import { importFile, type TaskRunner } from '../../transcode/files/importFile.ts';
import type { MediaFile } from '../../transcode/files/mediaFile.ts';
import { probeFile } from '../../transcode/files/probeFile.ts';
import { spanOf } from '../spanOf.ts';
import { ProgressReport } from './progressReport.ts';
import type { UploadCatalog, UploadDisk, UploadProfiles } from './uploadCatalog.ts';
import type { UploadFiles } from './uploadFiles.ts';
import type { KnownUpload, UploadRows } from './uploadRows.ts';
import { missingPart } from './missingPart.ts';

export interface ImportsOptions {
  readonly catalog: UploadCatalog;
  readonly profiles: UploadProfiles;
  readonly store: Pick<SegmentStore, 'write' | 'compose' | 'composed' | 'decompose' | 'deleteEntry'>;
  readonly tasks: TaskRunner;
  readonly ffprobePath: string;
  readonly disk: UploadDisk;
  readonly rows: UploadRows;
  readonly files: UploadFiles;
  readonly now: () => number;
  readonly log: Logger;
}

/** A file that has come, and the entry it becomes. */
export type ImportedUpload = KnownUpload & { readonly entryId: string };

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

const askAgainMs = 5000;
/** What fills the disk may be the import itself. */
const mostAttempts = 3;
const waitsForRoom = 'The server’s disk is nearly full; the import goes on by itself when there is room.';

/** Files on their way into the store. What a stop of the server interrupts begins again at its next start. */
export class Imports implements Closable {
  readonly #options: ImportsOptions;
  /** By the entry. */
  readonly #running = new Map<string, Running>();
  /** For room on the disk, by the entry. */
  readonly #waiting = new Map<string, ImportedUpload>();
  /** How often each has been stopped for want of room. */
  readonly #attempts = new Map<string, number>();
  readonly #closing = new AbortController();
  readonly #stopWatching: () => void;

  constructor(options: ImportsOptions) {
    this.#options = options;
    this.#stopWatching = options.disk.onChanged((isLow) => {
      if (isLow) for (const { stop } of this.#running.values()) stop.abort(noRoom());
      else for (const upload of this.#takeWaiting()) void this.start(upload);
    });
  }

  /** Resolves once it is known whether the file can be used; the entry says how it goes on. Never rejects. */
  start(upload: ImportedUpload): Promise<Refusal | undefined> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#closing.signal]);
    return new Promise((resolve) => {
      const ended = this.#import(upload, signal, resolve)
        .catch((error: unknown) => this.#failed(upload, error, signal))
        .then((refusal) => resolve(refusal))
        .finally(() => this.#running.delete(upload.entryId));
      this.#running.set(upload.entryId, { stop, ended });
    });
  }

  /** Goes on with what an earlier run of the server has begun. */
  async recover(): Promise<void> {
    const { rows, catalog, store, log } = this.#options;
    const known = await rows.all();
    // Made just before a crash: its upload will become another one.
    for (const entryId of await catalog.unfinishedUploads())
      if (!known.some((upload) => upload.entryId === entryId)) await catalog.delete(entryId);
    for (const upload of known) {
      if (!isImported(upload) || upload.doneAtMs !== null) continue;
      const entry = await catalog.get(upload.entryId);
      const composed = await store.composed(upload.entryId);
      if (!entry) await this.#drop(upload);
      else if (composed) await this.#complete(upload, composed);
      else {
        log.info({ entryId: upload.entryId }, 'an upload that was being imported is imported anew');
        void this.start(upload);
      }
    }
  }

  /** Lets go of an entry that is being deleted. */
  async forget(entryId: string): Promise<void> {
    this.#waiting.delete(entryId);
    this.#attempts.delete(entryId);
    const running = this.#running.get(entryId);
    running?.stop.abort(new Error('the entry is being deleted'));
    await running?.ended;
    const upload = (await this.#options.rows.all()).find((row) => row.entryId === entryId);
    if (upload && isImported(upload)) await this.#drop(upload);
  }

  /** Interrupts what is going on. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#stopWatching();
    this.#closing.abort(new Error('the server is stopping'));
    await Promise.all(Array.from(this.#running.values(), ({ ended }) => ended));
  }

  async #import(
    upload: ImportedUpload,
    signal: AbortSignal,
    onProbed: (refusal: undefined) => void,
  ): Promise<Refusal | undefined> {
    const { catalog, ffprobePath, files, profiles, store, disk, now } = this.#options;
    if (disk.isLow) throw noRoom();
    const file = await probeFile(ffprobePath, files.pathOf(upload.id), signal);
    if (isRefusal(file)) throw new RefusedError(file);
    onProbed(undefined);
    await catalog.setVideo(upload.entryId, {
      failure: null,
      ...(file.durationMs !== undefined && { durationMs: file.durationMs }),
    });
    const profile = (await profiles.get(upload.profileId)) ?? (await profiles.default());
    const ownerId = ownerOf(upload);
    await store.deleteEntry(ownerId);
    const id = `${ownerId}-${randomUUID()}`;
    const writer = await store.write({ id, entryId: ownerId, epochMs: now(), windowSeconds: 0 });
    const progress = new ProgressReport((value) => this.#report(upload, value), now);
    try {
      await this.#whenAdmitted(signal, () =>
        importFile(this.#options.tasks, { file, profile, writer, signal, onProgress: (value) => progress.at(value) }),
      );
    } finally {
      await writer.end();
      await progress.settle();
    }
    signal.throwIfAborted();
    await this.#store(upload, file, writer.timeline);
    return undefined;
  }

  /** More may wait than the queue of ffmpegs takes. */
  async #whenAdmitted(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof FfmpegTaskError && error.failure === 'overloaded')) throw error;
        await delay(askAgainMs, undefined, { signal });
      }
    }
  }

  async #store(upload: ImportedUpload, file: MediaFile, timeline: TimelineReader): Promise<void> {
    const { segments } = timeline;
    const [first, last] = [segments[0], segments.at(-1)];
    if (!first || !last) throw new RefusedError(refuse('uploadUnreadable'));
    const missing = missingPart(file.durationMs, spanOf(segments));
    if (missing !== undefined) throw new RefusedError(refuse('uploadUnreadable', missing));
    const { store } = this.#options;
    const { entryId } = upload;
    await store.compose(entryId, entryId, [{ timelineId: timeline.id, first: first.sequence, end: last.sequence + 1 }]);
    await this.#complete(upload, timeline);
  }

  async #complete(upload: ImportedUpload, timeline: TimelineReader): Promise<void> {
    const { catalog, store, now, log } = this.#options;
    const durationMs = spanOf(timeline.segments);
    await this.#clear(upload);
    const known = await catalog.setVideo(upload.entryId, {
      status: 'ready',
      progress: null,
      failure: null,
      durationMs,
    });
    if (!known) await store.decompose(upload.entryId);
    this.#attempts.delete(upload.entryId);
    await this.#options.rows.done(upload.id, now());
    log.info({ entryId: upload.entryId, durationMs }, 'upload imported');
  }

  async #report({ entryId }: ImportedUpload, progress: number): Promise<void> {
    await this.#options.catalog.setVideo(entryId, { progress });
  }

  /** What it says is for the producer; never rejects. */
  async #failed(upload: ImportedUpload, error: unknown, signal: AbortSignal): Promise<Refusal | undefined> {
    const { catalog, rows, now, log } = this.#options;
    const { entryId } = upload;
    if (this.#closing.signal.aborted) return undefined;
    const refusal = error instanceof RefusedError ? error.refusal : refusalOf(error);
    if (refusal.refused === 'insufficientStorage' && (await this.#waitsForRoom(upload))) return undefined;
    const gone = signal.aborted && !(error instanceof RefusedError);
    try {
      await this.#clear(upload);
      if (!gone) {
        log.warn({ err: error, entryId }, 'upload could not be imported');
        await catalog.setVideo(entryId, { status: 'failed', progress: null, durationMs: 0, failure: refusal.message });
      }
      this.#attempts.delete(entryId);
      await rows.done(upload.id, now());
    } catch (problem) {
      log.error({ err: problem, entryId }, 'a failed upload could not be taken away');
    }
    return refusal;
  }

  /** The file has come, and is kept: what was made of it makes room meanwhile. False when it has been tried often enough. */
  async #waitsForRoom(upload: ImportedUpload): Promise<boolean> {
    const { catalog, disk, store, log } = this.#options;
    const { entryId } = upload;
    const attempts = (this.#attempts.get(entryId) ?? 0) + 1;
    if (attempts >= mostAttempts) return false;
    try {
      await store.deleteEntry(ownerOf(upload));
      if (!(await catalog.setVideo(entryId, { progress: null, failure: waitsForRoom }))) return false;
    } catch (error) {
      log.error({ err: error, entryId }, 'an import could not be stopped for want of room');
      return false;
    }
    this.#attempts.set(entryId, attempts);
    this.#waiting.set(entryId, upload);
    // It may have got room meanwhile.
    if (!disk.isLow) setImmediate(() => this.#takeWaiting().forEach((waiting) => void this.start(waiting)));
    log.warn({ entryId }, 'an import waits for room on the disk');
    return true;
  }

  #takeWaiting(): ImportedUpload[] {
    const waiting = this.#closing.signal.aborted ? [] : [...this.#waiting.values()];
    this.#waiting.clear();
    return waiting;
  }

  /** Its file and what was only needed to make its media are not needed any more. */
  async #clear(upload: ImportedUpload): Promise<void> {
    const { files, store } = this.#options;
    await store.deleteEntry(ownerOf(upload));
    await files.removeFile(upload.id);
  }

  async #drop(upload: ImportedUpload): Promise<void> {
    await this.#clear(upload);
    await this.#options.store.decompose(upload.entryId);
    await this.#options.rows.remove(upload.id);
  }
}

export function isImported(upload: KnownUpload): upload is ImportedUpload {
  return upload.entryId !== null;
}

/** Under whose name the store keeps its media until they are the entry's. */
function ownerOf({ id }: KnownUpload): string {
  return `upload-${id}`;
}

function noRoom(): RefusedError {
  return new RefusedError(refuse('insufficientStorage'));
}

function refusalOf(error: unknown): Refusal {
  const isOfFile = error instanceof FfmpegTaskError && (error.failure === 'failed' || error.failure === 'deadline');
  return refuse(isOfFile ? 'uploadUnreadable' : 'uploadFailed');
}
