import { randomUUID } from 'node:crypto';
import { isRefusal, refuse, RefusedError, type Refusal } from '../../errors.ts';
import type { Closable } from '../../lifecycle.ts';
import { Listeners } from '../../listeners.ts';
import type { Logger } from '../../log.ts';
import type { SegmentRange, SegmentStore } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { ClipOrigins, ClipPart } from './clipOrigins.ts';
import { clippable, type CatalogEntry, type ClipCatalog } from './clipCatalog.ts';
import { originalOf } from './compositionNames.ts';
import type { Cut, CutJournal } from './cutJournal.ts';
import type { CutRange, Cutter, PlannedCut } from './cutter.ts';
import { FormerMedia } from './formerMedia.ts';
import { refusalOfFailure } from './refusalOfFailure.ts';
import { RunningCuts } from './runningCuts.ts';
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
  /** Other entries that play a video at their own addresses. */
  readonly shownBy?: (entryId: string) => readonly string[];
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
  /** Resolves when it can be played, or when nothing is stored of it any more: then its entry says why. Never rejects. */
  readonly finished: Promise<Refusal | undefined>;
}

interface PlannedClip {
  readonly source: CatalogEntry;
  readonly cuts: readonly PlannedCut[];
}

const longestName = 200;
const stopped = refuse('overloaded', 'The server was stopped while this was being cut; cut it again.');

/** Clips, which are entries made of parts of others, and trims, which make a video begin and end elsewhere. */
export class Clips implements Closable {
  readonly #parts: ClipsParts;
  /** Entries being changed. */
  readonly #editing = new Set<string>();
  readonly #running = new RunningCuts();
  readonly #replaced = new Listeners<string>();
  readonly #former: FormerMedia;

  constructor(parts: ClipsParts) {
    this.#parts = parts;
    this.#former = new FormerMedia(parts);
  }

  /** Takes back what a crash has left half-made. Before anything else is asked of this. */
  async recover(): Promise<void> {
    const { journal, catalog, log } = this.#parts;
    await this.#former.recover();
    for (const cut of await journal.unfinished()) {
      log.warn({ entryId: cut.entryId, kind: cut.kind }, 'taking back a cut that was not finished');
      await (cut.kind === 'clip' ? this.#giveUpClip(cut, stopped) : this.#takeBackTrim(cut));
    }
    // Their cut had not even begun.
    for (const entryId of await catalog.unfinishedClips()) await this.#markFailed(entryId, stopped);
  }

  /** What can be cut of an entry. */
  async span(entryId: string): Promise<MediaSpan | Refusal> {
    const source = await this.#source(entryId);
    if (isRefusal(source)) return source;
    return (await describeMedia(source.timeline)) ?? refuse('notLive');
  }

  /** The entry is there when this resolves; it can be played when `finished` does. */
  async create(clip: NewClip): Promise<StartedClip | Refusal> {
    const cut = this.#running.begin([clip.sourceEntryId, ...clip.parts.flatMap(({ entryId }) => entryId ?? [])]);
    let making: Promise<Refusal | undefined> | undefined;
    try {
      const planned = await this.#plan(clip, cut.signal);
      if (isRefusal(planned)) return planned;
      const { catalog, origins } = this.#parts;
      const { id } = await catalog.createVideo(toVideo(clip, planned));
      cut.needs(id);
      const sources = planned.cuts.map(({ range }, index) => ({
        entryId: clip.parts[index]?.entryId ?? clip.sourceEntryId,
        ...range,
      }));
      await origins.remember(id, sources);
      making = this.#make(id, planned.cuts, cut.signal).finally(() => cut.end());
      return { entryId: id, finished: making };
    } finally {
      if (!making) cut.end();
    }
  }

  /** Where the parts of clips were, by the clip's id. */
  partsOf(entryIds: readonly string[]): Promise<ReadonlyMap<string, readonly ClipPart[]>> {
    return this.#parts.origins.of(entryIds);
  }

  /** In place; the original is kept until it is discarded. */
  trim(entryId: string, range: CutRange): Promise<Refusal | undefined> {
    return this.#edit(entryId, async (entry, signal) => {
      const { catalog, cutter, journal, playing } = this.#parts;
      const timeline = await playing(entryId);
      if (!timeline) return refuse('clipSourceUnfit');
      const plan = await this.#guarded({ entryId, kind: 'trim' }, signal, () => cutter.plan({ timeline, ...range }));
      if (isRefusal(plan)) return plan;
      const ownerId = newOwnerId();
      const cut: Cut = { ownerId, entryId, kind: 'trim', wasTrimmed: entry.video?.trimmed ?? false };
      await journal.begin(cut);
      const refusal = await this.#guarded(cut, signal, async () => {
        const ranges = await cutter.make(ownerId, [plan], signal);
        if (isRefusal(ranges)) return ranges;
        // A broadcast may have begun to go on in it.
        if ((await catalog.get(entryId))?.video?.status !== 'ready') return refuse('entryBeingEdited');
        if (!cut.wasTrimmed) await this.#compose(originalOf(entryId), entryId, wholeOf(this.#parts.store, timeline));
        await this.#former.keep(entryId, wholeOf(this.#parts.store, timeline));
        await this.#compose(entryId, entryId, ranges);
        const changed = await catalog.setVideo(entryId, { trimmed: true, durationMs: plan.durationMs });
        return changed ? undefined : refuse('entryNotFound');
      });
      if (refusal) await this.#takeBackTrim(cut);
      else await this.#finish(ownerId);
      if (!refusal) this.#tellReplaced(entryId);
      return refusal;
    });
  }

  /** Gives a trimmed video its original back. */
  undoTrim(entryId: string): Promise<Refusal | undefined> {
    return this.#edit(entryId, async (entry) => {
      if (!entry.video?.trimmed) return refuse('notTrimmed');
      const trimmed = await this.#parts.store.composed(entryId);
      if (trimmed) await this.#former.keep(entryId, wholeOf(this.#parts.store, trimmed));
      if (!(await this.#restore(entryId))) return refuse('notTrimmed');
      this.#tellReplaced(entryId);
      return undefined;
    });
  }

  /** Discards a trimmed video's original. */
  keepTrim(entryId: string): Promise<Refusal | undefined> {
    return this.#edit(entryId, async (entry) => {
      if (!entry.video?.trimmed) return refuse('notTrimmed');
      await this.#parts.catalog.setVideo(entryId, { trimmed: false });
      await this.#parts.store.decompose(originalOf(entryId));
      await this.#former.drop(entryId);
      return undefined;
    });
  }

  /** What an entry plays, when it is not on air, is something else now. Returns what takes the listener away again. */
  onReplaced(listener: (entryId: string) => void): () => void {
    return this.#replaced.add(listener);
  }

  /**
   * The entry has been deleted: what is cut of it, or in it, ends without a trace, and what is kept besides what it plays is
   * let go. Its row has to be gone before, so that nothing begins any more.
   */
  async forget(entryId: string): Promise<void> {
    await this.#running.stop(entryId, new RefusedError(refuse('clipSourceGone')));
    await this.#letGo(entryId);
  }

  async close(): Promise<void> {
    await this.#running.close(new RefusedError(stopped));
    this.#former.close();
  }

  /** All of the parts, or why one of them cannot be cut. */
  async #plan(clip: NewClip, signal: AbortSignal): Promise<PlannedClip | Refusal> {
    const source = await this.#source(clip.sourceEntryId);
    if (isRefusal(source)) return source;
    const cuts: PlannedCut[] = [];
    for (const [index, { entryId, ...range }] of clip.parts.entries()) {
      const from = entryId === undefined ? source : await this.#source(entryId);
      if (isRefusal(from)) return inPart(from, index, clip);
      const what = { entryId: from.entry.id, kind: 'clip' } as const;
      const { timeline } = from;
      const cut = await this.#guarded(what, signal, () => this.#parts.cutter.plan({ timeline, ...range }));
      if (isRefusal(cut)) return inPart(cut, index, clip);
      cuts.push(cut);
    }
    return { source: source.entry, cuts };
  }

  async #source(entryId: string): Promise<{ entry: CatalogEntry; timeline: TimelineReader } | Refusal> {
    const entry = await this.#parts.catalog.get(entryId);
    if (!entry) return refuse('entryNotFound');
    if (!clippable(entry)) return refuse('clipSourceUnfit');
    const timeline = await this.#parts.playing(entryId);
    if (timeline) return { entry, timeline };
    return refuse(entry.type === 'live' ? 'notLive' : 'clipSourceUnfit');
  }

  async #make(entryId: string, planned: readonly PlannedCut[], signal: AbortSignal): Promise<Refusal | undefined> {
    const { catalog, cutter, journal } = this.#parts;
    const cut: Cut = { ownerId: newOwnerId(), entryId, kind: 'clip', wasTrimmed: false };
    const refusal = await this.#guarded(cut, signal, async () => {
      await journal.begin(cut);
      const ranges = await cutter.make(cut.ownerId, planned, signal);
      if (isRefusal(ranges)) return ranges;
      await this.#compose(entryId, entryId, ranges);
      const changed = await catalog.setVideo(entryId, { status: 'ready', progress: null });
      return changed ? undefined : refuse('entryNotFound');
    });
    await (refusal ? this.#giveUpClip(cut, refusal) : this.#finish(cut.ownerId));
    return refusal;
  }

  /** What goes wrong is logged, and refused in a sentence. */
  async #guarded<T>(
    { entryId, kind }: Pick<Cut, 'entryId' | 'kind'>,
    signal: AbortSignal,
    work: () => Promise<T | Refusal>,
  ): Promise<T | Refusal> {
    try {
      signal.throwIfAborted();
      return await work();
    } catch (error) {
      const refusal = refusalOfFailure(error, signal);
      if (refusal.refused === 'clipFailed') this.#parts.log.error({ err: error, entryId, kind }, 'a cut failed');
      return refusal;
    }
  }

  /** In place, one at a time. */
  async #edit(
    entryId: string,
    work: (entry: CatalogEntry, signal: AbortSignal) => Promise<Refusal | undefined>,
  ): Promise<Refusal | undefined> {
    if (this.#editing.has(entryId)) return refuse('entryBeingEdited');
    this.#editing.add(entryId);
    const cut = this.#running.begin([entryId]);
    try {
      const entry = await this.#parts.catalog.get(entryId);
      if (!entry) return refuse('entryNotFound');
      if (entry.type === 'live') return refuse('liveNotTrimmable');
      if (entry.video?.status !== 'ready') return refuse('clipSourceUnfit');
      return await work(entry, cut.signal);
    } finally {
      cut.end();
      this.#editing.delete(entryId);
    }
  }

  async #compose(name: string, entryId: string, ranges: readonly SegmentRange[]): Promise<void> {
    await this.#parts.store.compose(name, entryId, ranges);
  }

  async #finish(ownerId: string): Promise<void> {
    await this.#parts.cutter.release(ownerId);
    await this.#parts.journal.end(ownerId);
  }

  /** Nothing is stored of it; its entry stays for who waits for it, and says why. */
  async #giveUpClip({ ownerId, entryId }: Cut, refusal: Refusal): Promise<void> {
    await this.#parts.store.decompose(entryId);
    await this.#markFailed(entryId, refusal);
    await this.#finish(ownerId);
  }

  async #markFailed(entryId: string, { message: failure }: Refusal): Promise<void> {
    const { catalog } = this.#parts;
    const kept = await catalog.setVideo(entryId, { status: 'failed', progress: null, durationMs: 0, failure });
    if (!kept) await this.#letGo(entryId);
  }

  #tellReplaced(entryId: string): void {
    for (const id of [entryId, ...(this.#parts.shownBy?.(entryId) ?? [])]) this.#replaced.tell(id);
  }

  async #letGo(entryId: string): Promise<void> {
    await this.#former.drop(entryId);
    await this.#parts.store.decompose(originalOf(entryId));
    await this.#parts.origins.forget(entryId);
  }

  async #takeBackTrim({ ownerId, entryId, wasTrimmed }: Cut): Promise<void> {
    const { catalog, store } = this.#parts;
    if (!(await catalog.get(entryId))) {
      await store.decompose(entryId);
      await this.#letGo(entryId);
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

function toVideo(clip: NewClip, { source, cuts }: PlannedClip) {
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
    durationMs: cuts.reduce((sum, { durationMs }) => sum + durationMs, 0),
    sourceEntryId: source.id,
    rootEntryId: source.video?.rootEntryId ?? source.id,
    trimmed: false,
  };
}
