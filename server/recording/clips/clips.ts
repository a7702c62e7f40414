import { randomUUID } from 'node:crypto';
import { isRefusal, refuse, RefusedError, type Refusal } from '../../errors.ts';
import type { Closable } from '../../lifecycle.ts';
import { Listeners } from '../../listeners.ts';
import type { Logger } from '../../log.ts';
import type { SegmentRange, SegmentStore } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { ClipOrigins, ClipPart } from './clipOrigins.ts';
import { clippable, type CatalogEntry, type ClipCatalog } from './clipCatalog.ts';
import type { Cut, CutJournal } from './cutJournal.ts';
import type { CutRange, Cutter, PlannedCut } from './cutter.ts';
import { spanOf } from '../spanOf.ts';
import { describeMedia, type MediaSpan } from './mediaSpan.ts';

export interface ClipsParts {
  readonly store: SegmentStore;
  readonly cutter: Cutter;
  readonly catalog: ClipCatalog;
  readonly journal: CutJournal;
  readonly origins: ClipOrigins;
  /** What an entry plays now. */
  readonly playing: (entryId: string) => Promise<TimelineReader | undefined>;
  readonly log: Logger;
}

export interface NewClip {
  /** Whose clip it is. */
  readonly sourceEntryId: string;
  /** In their order, each of the source where it names no other. */
  readonly parts: readonly (CutRange & { readonly entryId?: string })[];
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly createdBy?: string | null;
}

export interface StartedClip {
  readonly entryId: string;
  /** Resolves when it can be played, or when there is no trace of it any more. Never rejects. */
  readonly finished: Promise<Refusal | undefined>;
}

const longestName = 200;

/** Clips, which are entries made of parts of others, and trims, which make a video begin and end elsewhere. */
export class Clips implements Closable {
  readonly #parts: ClipsParts;
  /** Entries being changed. */
  readonly #editing = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #replaced = new Listeners<string>();
  readonly #closing = new AbortController();

  constructor(parts: ClipsParts) {
    this.#parts = parts;
  }

  /** Takes back what a crash has left half-made. Before anything else is asked of this. */
  async recover(): Promise<void> {
    const { journal, catalog, log } = this.#parts;
    for (const cut of await journal.unfinished()) {
      log.warn({ entryId: cut.entryId, kind: cut.kind }, 'taking back a cut that was not finished');
      await (cut.kind === 'clip' ? this.#dropClip(cut) : this.#takeBackTrim(cut));
    }
    // Their cut had not even begun.
    for (const entryId of await catalog.unfinishedClips()) {
      await this.forget(entryId);
      await catalog.delete(entryId);
    }
  }

  /** What can be cut of an entry. */
  async span(entryId: string): Promise<MediaSpan | Refusal> {
    const source = await this.#source(entryId);
    if (isRefusal(source)) return source;
    return (await describeMedia(source.timeline)) ?? refuse('notLive');
  }

  /** The entry is there when this resolves; it can be played when `finished` does. */
  async create(clip: NewClip): Promise<StartedClip | Refusal> {
    const source = await this.#source(clip.sourceEntryId);
    if (isRefusal(source)) return source;
    const planned: PlannedCut[] = [];
    for (const [index, { entryId, ...range }] of clip.parts.entries()) {
      const from = entryId === undefined ? source : await this.#source(entryId);
      if (isRefusal(from)) return inPart(from, index, clip);
      const plan = await this.#parts.cutter.plan({ timeline: from.timeline, ...range });
      if (isRefusal(plan)) return inPart(plan, index, clip);
      planned.push(plan);
    }
    const { catalog, origins } = this.#parts;
    const { id } = await catalog.createVideo(toVideo(clip, source.entry, planned));
    const parts = planned.map(({ range }, index) => ({
      entryId: clip.parts[index]?.entryId ?? source.entry.id,
      ...range,
    }));
    await origins.remember(id, parts);
    return { entryId: id, finished: this.#run(() => this.#make(id, planned)) };
  }

  /** Where the parts of clips were, by the clip's id. */
  partsOf(entryIds: readonly string[]): Promise<ReadonlyMap<string, readonly ClipPart[]>> {
    return this.#parts.origins.of(entryIds);
  }

  /** In place; the original is kept until it is discarded. */
  trim(entryId: string, range: CutRange): Promise<Refusal | undefined> {
    return this.#edit(entryId, async (entry) => {
      const { catalog, cutter, journal, playing } = this.#parts;
      const timeline = await playing(entryId);
      if (!timeline) return refuse('clipSourceUnfit');
      const plan = await cutter.plan({ timeline, ...range });
      if (isRefusal(plan)) return plan;
      const ownerId = newOwnerId();
      const cut: Cut = { ownerId, entryId, kind: 'trim', wasTrimmed: entry.video?.trimmed ?? false };
      await journal.begin(cut);
      const refusal = await this.#guarded(cut, async () => {
        const ranges = await cutter.make(ownerId, [plan], this.#closing.signal);
        if (isRefusal(ranges)) return ranges;
        // A broadcast may have begun to go on in it.
        if ((await catalog.get(entryId))?.video?.status !== 'ready') return refuse('entryBeingEdited');
        if (!cut.wasTrimmed) await this.#compose(originalOf(entryId), entryId, wholeOf(this.#parts.store, timeline));
        await this.#compose(entryId, entryId, ranges);
        const changed = await catalog.setVideo(entryId, { trimmed: true, durationMs: Math.round(plan.durationMs) });
        return changed ? undefined : refuse('entryNotFound');
      });
      if (refusal) await this.#takeBackTrim(cut);
      else await this.#finish(ownerId);
      if (!refusal) this.#replaced.tell(entryId);
      return refusal;
    });
  }

  /** Gives a trimmed video its original back. */
  undoTrim(entryId: string): Promise<Refusal | undefined> {
    return this.#edit(entryId, async (entry) => {
      if (!entry.video?.trimmed) return refuse('notTrimmed');
      if (!(await this.#restore(entryId))) return refuse('notTrimmed');
      this.#replaced.tell(entryId);
      return undefined;
    });
  }

  /** Discards a trimmed video's original. */
  keepTrim(entryId: string): Promise<Refusal | undefined> {
    return this.#edit(entryId, async (entry) => {
      if (!entry.video?.trimmed) return refuse('notTrimmed');
      await this.#parts.catalog.setVideo(entryId, { trimmed: false });
      await this.#parts.store.decompose(originalOf(entryId));
      return undefined;
    });
  }

  /** What an entry plays is something else now. Returns what takes the listener away again. */
  onReplaced(listener: (entryId: string) => void): () => void {
    return this.#replaced.add(listener);
  }

  /** The entry is deleted: what is kept besides what it plays is let go. */
  async forget(entryId: string): Promise<void> {
    await this.#parts.store.decompose(originalOf(entryId));
    await this.#parts.origins.forget(entryId);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the server is stopping'));
    await Promise.allSettled(this.#running);
  }

  async #source(entryId: string): Promise<{ entry: CatalogEntry; timeline: TimelineReader } | Refusal> {
    const entry = await this.#parts.catalog.get(entryId);
    if (!entry) return refuse('entryNotFound');
    if (!clippable(entry)) return refuse('clipSourceUnfit');
    const timeline = await this.#parts.playing(entryId);
    if (timeline) return { entry, timeline };
    return refuse(entry.type === 'live' ? 'notLive' : 'clipSourceUnfit');
  }

  async #make(entryId: string, planned: readonly PlannedCut[]): Promise<Refusal | undefined> {
    const { catalog, cutter, journal } = this.#parts;
    const cut: Cut = { ownerId: newOwnerId(), entryId, kind: 'clip', wasTrimmed: false };
    const refusal = await this.#guarded(cut, async () => {
      await journal.begin(cut);
      const ranges = await cutter.make(cut.ownerId, planned, this.#closing.signal);
      if (isRefusal(ranges)) return ranges;
      await this.#compose(entryId, entryId, ranges);
      const changed = await catalog.setVideo(entryId, { status: 'ready', progress: null });
      return changed ? undefined : refuse('entryNotFound');
    });
    await (refusal ? this.#dropClip(cut) : this.#finish(cut.ownerId));
    return refusal;
  }

  /** What goes wrong is logged, and refused in a sentence. */
  async #guarded(cut: Cut, work: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
    try {
      return await work();
    } catch (error) {
      // The store's way to say that what it is asked for is not there any more.
      if (error instanceof RefusedError) return refuse('clipSourceGone');
      const { entryId, kind } = cut;
      this.#parts.log.error({ err: error, entryId, kind }, 'a cut failed');
      return refuse('clipFailed');
    }
  }

  async #edit(
    entryId: string,
    work: (entry: CatalogEntry) => Promise<Refusal | undefined>,
  ): Promise<Refusal | undefined> {
    const entry = await this.#parts.catalog.get(entryId);
    if (!entry) return refuse('entryNotFound');
    if (entry.type === 'live') return refuse('liveNotTrimmable');
    if (entry.video?.status !== 'ready') return refuse('clipSourceUnfit');
    if (this.#editing.has(entryId)) return refuse('entryBeingEdited');
    this.#editing.add(entryId);
    try {
      return await this.#run(() => work(entry));
    } finally {
      this.#editing.delete(entryId);
    }
  }

  /** Closing waits for it. */
  #run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  async #compose(name: string, entryId: string, ranges: readonly SegmentRange[]): Promise<void> {
    await this.#parts.store.compose(name, entryId, ranges);
  }

  async #finish(ownerId: string): Promise<void> {
    await this.#parts.cutter.release(ownerId);
    await this.#parts.journal.end(ownerId);
  }

  async #dropClip({ ownerId, entryId }: Cut): Promise<void> {
    await this.#parts.store.decompose(entryId);
    await this.forget(entryId);
    await this.#parts.catalog.delete(entryId);
    await this.#finish(ownerId);
  }

  async #takeBackTrim({ ownerId, entryId, wasTrimmed }: Cut): Promise<void> {
    const { catalog, store } = this.#parts;
    if (!(await catalog.get(entryId))) {
      await store.decompose(entryId);
      await this.forget(entryId);
    } else if (!wasTrimmed) await this.#restore(entryId);
    else await this.#measure(entryId);
    await this.#finish(ownerId);
  }

  /** False when there is no original. */
  async #restore(entryId: string): Promise<boolean> {
    const { store } = this.#parts;
    const original = await store.composed(originalOf(entryId));
    if (!original) return false;
    await this.#compose(entryId, entryId, wholeOf(store, original));
    await this.#measure(entryId, { trimmed: false });
    await store.decompose(originalOf(entryId));
    return true;
  }

  /** Tells the catalog how long the video is. */
  async #measure(entryId: string, changes: { readonly trimmed?: boolean } = {}): Promise<void> {
    const { catalog, store } = this.#parts;
    const timeline = await store.composed(entryId);
    const durationMs = timeline && spanOf(timeline.segments);
    await catalog.setVideo(entryId, { ...changes, ...(durationMs !== undefined && { durationMs }) });
  }
}

/** The name under which a trimmed video's whole is kept. */
function originalOf(entryId: string): string {
  return `${entryId}:original`;
}

function newOwnerId(): string {
  return `cut-${randomUUID()}`;
}

function wholeOf(store: SegmentStore, timeline: TimelineReader): readonly SegmentRange[] {
  const { segments } = timeline;
  return store.rangesOf(timeline, segments[0]?.sequence ?? 0, (segments.at(-1)?.sequence ?? -1) + 1);
}

/** Says which of several parts cannot be cut. */
function inPart(refusal: Refusal, part: number, { parts }: NewClip): Refusal {
  if (parts.length === 1) return refusal;
  const details = typeof refusal.details === 'object' ? { ...refusal.details, part } : { part };
  return { ...refusal, details };
}

function toVideo(clip: NewClip, source: CatalogEntry, planned: readonly PlannedCut[]) {
  const name = clip.name ?? `Clip of ${source.name}`.slice(0, longestName);
  return {
    name,
    description: clip.description,
    tags: clip.tags,
    createdBy: clip.createdBy,
    retentionDays: null,
    profileId: source.profileId,
    origin: 'clip' as const,
    status: 'processing' as const,
    progress: null,
    failure: null,
    durationMs: Math.round(planned.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    sourceEntryId: source.id,
    rootEntryId: source.video?.rootEntryId ?? source.id,
    trimmed: false,
  };
}
