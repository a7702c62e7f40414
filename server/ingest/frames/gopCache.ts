import type { FrameLimits } from './frameLimits.ts';
import type { MediaTag } from './mediaTag.ts';

/** What an encoder without pictures keeps for the next reading. */
const audioOnlyMs = 2000;

/** The media since the last key frame, so that a new reading can begin at once; at first all there were, so that the first reading misses nothing. */
export class GopCache {
  readonly #limits: FrameLimits;
  #tags: MediaTag[] = [];
  #bytes = 0;
  /** Too long, or not begun: nothing is kept until the next key frame. */
  #waiting = true;
  #keepsAll = true;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  get tags(): readonly MediaTag[] {
    return this.#tags;
  }

  /** Media time from the first kept frame to the last. */
  get spanMs(): number {
    const [first] = this.#tags;
    return first ? (this.#tags.at(-1)?.timestampMs ?? 0) - first.timestampMs : 0;
  }

  clear(): void {
    this.#tags = [];
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
    const last = this.#tags.findLastIndex(({ kind, keyFrame }) => kind === 'video' && keyFrame);
    if (last <= 0) return;
    const [key, ...others] = this.#tags.slice(last);
    // A reading may have been given the old list.
    this.#tags = this.#tags.slice(0, last);
    if (key) this.#begin(key);
    for (const tag of others) this.#append(tag);
  }

  #begin(tag: MediaTag): void {
    if (this.#keepsAll && !this.#waiting) {
      this.#append(tag);
      return;
    }
    // Audio that belongs beside the key frame may have come just before it.
    const early = this.#tags.filter(({ kind, timestampMs }) => kind === 'audio' && timestampMs >= tag.timestampMs);
    this.clear();
    this.#waiting = false;
    for (const kept of [tag, ...early]) this.#append(kept);
  }

  #append(tag: MediaTag): void {
    this.#tags.push(tag);
    this.#bytes += tag.body.length;
    if (this.#isTooLong(tag)) this.keepLatest();
    if (this.#isTooLong(tag)) this.clear();
  }

  #isTooLong({ timestampMs }: MediaTag): boolean {
    const spanMs = timestampMs - (this.#tags[0]?.timestampMs ?? timestampMs);
    return this.#bytes > this.#limits.gopBytes || spanMs > this.#limits.gopSeconds * 1000;
  }

  #addAudioOnly(tag: MediaTag): void {
    this.#tags.push(tag);
    this.#bytes += tag.body.length;
    const keptMs = this.#keepsAll ? this.#limits.gopSeconds * 1000 : audioOnlyMs;
    while (
      this.#tags[0] &&
      (tag.timestampMs - this.#tags[0].timestampMs > keptMs || this.#bytes > this.#limits.gopBytes)
    )
      this.#bytes -= this.#tags.shift()?.body.length ?? 0;
  }
}
