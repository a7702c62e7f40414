import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { StreamKind } from './chunk.ts';
import { levelBitrate } from './qualityLevel.ts';

/** Far more than a broadcast has renditions, for one whose encoder comes and goes all day. */
const mostKept = 1000;

/** Which renditions a timeline's manifests have named: players that read an early one ask by its names to the end. */
export class KnownLevels {
  readonly #timeline: TimelineReader;
  readonly #known = new Set<string>();
  #version = -1;
  #period = -1;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
  }

  has(kind: StreamKind, bitrate: number): boolean {
    this.learn();
    return this.#known.has(`${kind} ${bitrate}`);
  }

  /** Looks now, for what may have gone before it is asked for. */
  learn(): void {
    const { version, periods } = this.#timeline;
    if (version === this.#version) return;
    this.#version = version;
    for (const { index, tracks } of periods) {
      if (index <= this.#period) continue;
      this.#period = index;
      for (const track of tracks) {
        const bitrate = levelBitrate(track);
        if (bitrate !== undefined) this.#learn(`${track.kind} ${bitrate}`);
      }
    }
  }

  #learn(name: string): void {
    this.#known.delete(name);
    this.#known.add(name);
    if (this.#known.size > mostKept) this.#known.delete(this.#known.values().next().value!);
  }
}
