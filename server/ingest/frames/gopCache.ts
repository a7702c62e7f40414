import { Fifo } from '../../media/fifo.ts';
import type { FrameLimits } from './frameLimits.ts';
import { bytesOf, type MediaTag } from './mediaTag.ts';

/** What an encoder without pictures keeps for the next reading. */
const audioOnlyMs = 2000;
/** Where sound is looked for that came before the key frame it belongs beside. */
const earlyTags = 512;

/** The media since the last key frame, so that a new reading can begin at once; at first all there were, so that the first reading misses nothing. */
export class GopCache {
  readonly #limits: FrameLimits;
  readonly #tags = new Fifo<MediaTag>();
  #bytes = 0;
  /** Too long, or not begun: nothing is kept until the next key frame. */
  #waiting = true;
  #keepsAll = true;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** As they are now. */
  get tags(): readonly MediaTag[] {
    return this.#tags.latest();
  }

  /** Media time from the first kept frame to the last; what comes last may be of a time before the first, as late sound is. */
  get spanMs(): number {
    const { first, last } = this.#tags;
    return first && last ? Math.max(0, last.timestampMs - first.timestampMs) : 0;
  }

  clear(): void {
    this.#tags.clear();
    this.#bytes = 0;
    this.#waiting = true;
  }

  add(tag: MediaTag, hasVideo: boolean): void {
    if (!hasVideo) this.#addAudioOnly(tag);
    else if (tag.kind === 'video' && tag.keyFrame) this.#begin(tag);
    else if (!this.#waiting) this.#append(tag);
  }

  /** The beginning is over. */
  keepLatest(): void {
    if (!this.#keepsAll) return;
    this.#keepsAll = false;
    const tags = this.#tags.latest();
    const last = tags.findLastIndex(({ kind, keyFrame }) => kind === 'video' && keyFrame);
    const key = tags[last];
    if (!key || last === 0) return;
    this.#beginAnew(key, tags.slice(Math.max(0, last - earlyTags), last));
    for (const tag of tags.slice(last + 1)) this.#append(tag);
  }

  #begin(tag: MediaTag): void {
    if (this.#keepsAll && !this.#waiting) this.#append(tag);
    else this.#beginAnew(tag, this.#tags.latest(earlyTags));
  }

  /** Audio that belongs beside the key frame may have come just before it. */
  #beginAnew(key: MediaTag, before: readonly MediaTag[]): void {
    const early = before.filter(({ kind, timestampMs }) => kind === 'audio' && timestampMs >= key.timestampMs);
    this.clear();
    this.#waiting = false;
    for (const kept of [key, ...early]) this.#append(kept);
  }

  #append(tag: MediaTag): void {
    this.#keep(tag);
    if (this.#isTooLong(tag)) this.keepLatest();
    if (this.#isTooLong(tag)) this.clear();
  }

  #isTooLong({ timestampMs }: MediaTag): boolean {
    const spanMs = timestampMs - (this.#tags.first?.timestampMs ?? timestampMs);
    return this.#isTooLarge() || spanMs > this.#limits.gopSeconds * 1000;
  }

  #isTooLarge(): boolean {
    return this.#bytes > this.#limits.gopBytes || this.#tags.length > this.#limits.gopTags;
  }

  #addAudioOnly(tag: MediaTag): void {
    this.#keep(tag);
    const keptMs = this.#keepsAll ? this.#limits.gopSeconds * 1000 : audioOnlyMs;
    for (let { first } = this.#tags; first; { first } = this.#tags) {
      if (tag.timestampMs - first.timestampMs <= keptMs && !this.#isTooLarge()) return;
      this.#tags.shift();
      this.#bytes -= bytesOf(first.body);
    }
  }

  #keep(tag: MediaTag): void {
    this.#tags.push(tag);
    this.#bytes += bytesOf(tag.body);
  }
}
