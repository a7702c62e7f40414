import type { FrameLimits } from './frameLimits.ts';
import type { MediaTag } from './mediaTag.ts';

/** What an encoder without pictures keeps for the next reading. */
const audioOnlyMs = 2000;

/** The media since the last key frame, so that a new reading can begin at once. */
export class GopCache {
  readonly #limits: FrameLimits;
  #tags: MediaTag[] = [];
  #bytes = 0;
  /** Too long, or not begun: nothing is kept until the next key frame. */
  #waiting = true;

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

  #begin(tag: MediaTag): void {
    // Audio that belongs beside the key frame may have come just before it.
    const early = this.#tags.filter(({ kind, timestampMs }) => kind === 'audio' && timestampMs >= tag.timestampMs);
    this.clear();
    this.#waiting = false;
    for (const kept of [tag, ...early]) this.#append(kept);
  }

  #append(tag: MediaTag): void {
    this.#tags.push(tag);
    this.#bytes += tag.body.length;
    const spanMs = tag.timestampMs - (this.#tags[0]?.timestampMs ?? tag.timestampMs);
    if (this.#bytes > this.#limits.gopBytes || spanMs > this.#limits.gopSeconds * 1000) this.clear();
  }

  #addAudioOnly(tag: MediaTag): void {
    this.#tags.push(tag);
    this.#bytes += tag.body.length;
    while (
      this.#tags[0] &&
      (tag.timestampMs - this.#tags[0].timestampMs > audioOnlyMs || this.#bytes > this.#limits.gopBytes)
    )
      this.#bytes -= this.#tags.shift()?.body.length ?? 0;
  }
}
