import type { FileHandle } from 'node:fs/promises';
import type { Track } from '../media/track.ts';
import { packPeriodTracks } from './packPeriodTracks.ts';
import type { SegmentIndex } from './segmentIndex.ts';
import type { TrackWithInit } from './segmentStore.ts';
import type { StoredPeriod } from './storedPeriod.ts';
import type { StorageError } from './storageError.ts';
import { isTrackId, type TimelineFolder } from './disk/timelineFolder.ts';

/** A period being written: one folder. It ends for good with the first segment that cannot be stored. */
export class OpenPeriod {
  readonly stored: StoredPeriod;
  /** Its folders, init segments and row are there. */
  readonly ready: Promise<void>;
  isReady = false;
  readonly #tracks: ReadonlyMap<string, Track>;
  #failure: { readonly error: StorageError; readonly from: number } | undefined;

  constructor(
    startMs: number,
    tracks: readonly TrackWithInit[],
    folder: TimelineFolder,
    index: SegmentIndex,
    id: string,
    written: (handle: FileHandle) => void,
  ) {
    const described = tracks.map(({ init: _init, ...track }): Track => track);
    this.#tracks = new Map(described.map((track) => [track.id, track]));
    if (tracks.length === 0 || this.#tracks.size < tracks.length || !tracks.every((track) => isTrackId(track.id)))
      throw new Error('A period needs tracks, each with an id of its own in a-z and 0-9.');
    const initBytes = Object.fromEntries(tracks.map((track) => [track.id, track.init.byteLength]));
    this.stored = { folder: folder.takeFolder(), startMs, tracks: described, initBytes };
    this.ready = this.#store(tracks, folder, index, id, written);
    // Those who need it hear of its failure; nobody needs to.
    this.ready.catch(() => {});
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  track(id: string): Track | undefined {
    return this.#tracks.get(id);
  }

  /** Why a segment (by its place in the order of opening) cannot be published. */
  failureOf(order: number): StorageError | undefined {
    return this.#failure && order >= this.#failure.from ? this.#failure.error : undefined;
  }

  fail(error: StorageError, from: number): void {
    if (!this.#failure || from < this.#failure.from) this.#failure = { error, from };
  }

  async #store(
    tracks: readonly TrackWithInit[],
    folder: TimelineFolder,
    index: SegmentIndex,
    timelineId: string,
    written: (handle: FileHandle) => void,
  ): Promise<void> {
    try {
      await folder.addPeriod(this.stored.folder, tracks, written);
      await index.addPeriod({
        timeline_id: timelineId,
        folder: this.stored.folder,
        start_ms: this.stored.startMs,
        tracks: packPeriodTracks(this.stored),
      });
      this.isReady = true;
    } catch (error) {
      await folder.removePeriod(this.stored.folder).catch(() => {});
      throw error;
    }
  }
}
