import { Readable } from 'node:stream';
import type { Fragment } from '../media/timeline.ts';
import { MemoryBytes } from './memoryBytes.ts';
import type { StoredBytes } from './timelineReader.ts';

/**
 * What has come of a segment so far, kept in memory for readers who do not wait for the whole. Nothing is copied: a
 * follower is given the very bytes that go to the disk.
 */
export class GrowingMedia {
  readonly #trackIds: ReadonlySet<string>;
  readonly #fragments = new Map<string, Fragment[]>();
  readonly #bytes = new Map<string, Uint8Array[]>();
  readonly #followers = new Set<Follower>();
  #end: { readonly error?: Error } | undefined;

  /** `trackIds`: of the segment's period; those may be followed. */
  constructor(trackIds: Iterable<string>) {
    this.#trackIds = new Set(trackIds);
  }

  get fragments(): ReadonlyMap<string, readonly Fragment[]> {
    return this.#fragments;
  }

  add(trackId: string, fragment: Fragment, data: Uint8Array): void {
    let fragments = this.#fragments.get(trackId);
    let bytes = this.#bytes.get(trackId);
    if (!fragments || !bytes) {
      this.#fragments.set(trackId, (fragments = []));
      this.#bytes.set(trackId, (bytes = []));
    }
    fragments.push(fragment);
    bytes.push(data);
    for (const follower of this.#followers) if (follower.trackId === trackId) follower.wake();
  }

  fragment(trackId: string, index: number): StoredBytes | undefined {
    const data = this.#bytes.get(trackId)?.[index];
    return data && new MemoryBytes(data);
  }

  follow(trackId: string): Readable | undefined {
    if (!this.#trackIds.has(trackId)) return undefined;
    const follower = new Follower(
      trackId,
      (index) => this.#bytes.get(trackId)?.[index],
      () => this.#end,
    );
    this.#followers.add(follower);
    follower.once('close', () => this.#followers.delete(follower));
    return follower;
  }

  /** No more will come; with an error, what came cannot be relied on. Idempotent. */
  end(error?: Error): void {
    if (this.#end) return;
    this.#end = error ? { error } : {};
    for (const follower of this.#followers) follower.wake();
  }
}

/** Gives out one track's fragments, one for each read, and waits for those to come. */
class Follower extends Readable {
  readonly trackId: string;
  readonly #at: (index: number) => Uint8Array | undefined;
  readonly #ended: () => { readonly error?: Error } | undefined;
  #next = 0;
  #wanted = false;

  constructor(
    trackId: string,
    at: (index: number) => Uint8Array | undefined,
    ended: () => { readonly error?: Error } | undefined,
  ) {
    super();
    this.trackId = trackId;
    this.#at = at;
    this.#ended = ended;
  }

  override _read(): void {
    this.#wanted = true;
    this.wake();
  }

  wake(): void {
    while (this.#wanted) {
      const data = this.#at(this.#next);
      if (!data) break;
      this.#next++;
      this.#wanted = this.push(data);
    }
    const end = this.#ended();
    if (!end || this.#at(this.#next)) return;
    if (end.error) this.destroy(end.error);
    else if (this.#wanted) {
      this.#wanted = false;
      this.push(null);
    }
  }
}
