import type { FileHandle } from 'node:fs/promises';
import type { Fragment, TrackSegment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';
import type { NewFragment, SegmentWriter } from './segmentStore.ts';
import type { OpenPeriod } from './openPeriod.ts';
import { GrowingMedia } from './growingMedia.ts';
import { joinFragments } from './packTracks.ts';
import { AppendedFile } from './disk/appendedFile.ts';
import type { TimelineFolder } from './disk/timelineFolder.ts';

/** What a segment asks of its timeline's writer. */
export interface SegmentPublisher {
  readonly folder: TimelineFolder;
  readonly open: boolean;
  /** Takes the handle of a whole file over. */
  written(handle: FileHandle): void;
  expectedSequence(segment: OpenSegment): number;
  /** Bytes taken into memory (or, negative, let go of), on behalf of a segment. */
  hold(segment: OpenSegment, bytes: number): void;
  mediaAppended(track: Track, endTicks: number): void;
  complete(segment: OpenSegment): Promise<void>;
  fail(segment: OpenSegment, error: unknown): void;
}

interface Part {
  readonly file: AppendedFile;
  readonly fragments: Fragment[];
  bytes: number;
}

/** A segment being written: one file per track that has media. */
export class OpenSegment implements SegmentWriter {
  readonly period: OpenPeriod;
  /** Place in the order of opening, and number in the names of its files. */
  readonly order: number;
  readonly startMs: number;
  readonly wallClockMs: number;
  /** For readers who do not wait until it is published. */
  readonly growing: GrowingMedia;
  readonly #publisher: SegmentPublisher;
  readonly #parts = new Map<string, Part>();
  #sequence: number | undefined;
  #state: 'open' | 'complete' | 'discarded' = 'open';

  constructor(
    publisher: SegmentPublisher,
    period: OpenPeriod,
    order: number,
    start: { startMs: number; wallClockMs: number },
  ) {
    this.#publisher = publisher;
    this.growing = new GrowingMedia(period.stored.tracks.map(({ id }) => id));
    this.period = period;
    this.order = order;
    this.startMs = start.startMs;
    this.wallClockMs = start.wallClockMs;
  }

  /** Final once published; until then, what it will be if all segments before it are published. */
  get sequence(): number {
    return this.#sequence ?? this.#publisher.expectedSequence(this);
  }

  published(sequence: number): void {
    this.#sequence = sequence;
  }

  append(trackId: string, { startTicks, durationTicks, independent, data }: NewFragment): void {
    if (this.#state === 'discarded' || data.byteLength === 0) return;
    if (this.#state === 'complete') {
      // Closing the writer completes what is open; who appends has not heard of it yet.
      if (!this.#publisher.open) return;
      throw new Error('A fragment for a segment that is complete.');
    }
    const track = this.period.track(trackId);
    if (!track) throw new Error(`A fragment for track ${trackId}, which its period does not have.`);
    const part = this.#part(trackId);
    const fragment = { startTicks, durationTicks, offset: part.bytes, bytes: data.byteLength, independent };
    part.fragments.push(fragment);
    this.growing.add(trackId, fragment, data);
    part.bytes += data.byteLength;
    this.#publisher.mediaAppended(track, startTicks + durationTicks);
    part.file.append(data);
    this.#publisher.hold(this, data.byteLength);
  }

  complete(): Promise<void> {
    return this.#publisher.complete(this);
  }

  /** Closes the files; resolves with what is in them, by track id. */
  async finish(): Promise<Record<string, TrackSegment>> {
    if (this.#state === 'open') this.#state = 'complete';
    await Promise.all(Array.from(this.#parts.values(), (part) => part.file.close()));
    return Object.fromEntries(Array.from(this.#parts, ([id, { fragments }]) => [id, joinFragments(fragments)]));
  }

  /** Gives up what is not written and deletes its files. Never rejects. */
  async discard(): Promise<void> {
    this.#state = 'discarded';
    this.growing.end(new Error('The segment could not be stored.'));
    await Promise.all(Array.from(this.#parts, ([id, part]) => this.#discardPart(id, part)));
  }

  #part(trackId: string): Part {
    let part = this.#parts.get(trackId);
    if (!part) {
      const path = this.#publisher.folder.mediaPath(this.period.stored.folder, trackId, this.order);
      const file = new AppendedFile(
        path,
        this.period.ready,
        (bytes) => this.#publisher.hold(this, -bytes),
        (error) => this.#publisher.fail(this, error),
        (handle) => this.#publisher.written(handle),
      );
      part = { file, fragments: [], bytes: 0 };
      this.#parts.set(trackId, part);
    }
    return part;
  }

  async #discardPart(trackId: string, { file }: Part): Promise<void> {
    await file.discard();
    // Whatever cannot be deleted now has no row, and is swept away at the next start.
    await this.#publisher.folder.removeMedia(this.period.stored.folder, trackId, this.order).catch(() => {});
  }
}
