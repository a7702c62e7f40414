import type { Fragment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { a0, v0 } from '../tracks.fixture.ts';

const partMs = 1000 / 3;
const partsOfSegment = 6;

/** A broadcast whose segments of 2 s come in six parts, picture before sound. */
export class GrowingTimeline {
  readonly timeline: MemoryTimeline;
  readonly #tracks: readonly Track[];
  #positionMs = 0;

  constructor(options: ConstructorParameters<typeof MemoryTimeline>[0] = {}, tracks: readonly Track[] = [v0, a0]) {
    this.timeline = new MemoryTimeline(options);
    this.#tracks = tracks;
    this.startPeriod(0);
  }

  get positionMs(): number {
    return this.#positionMs;
  }

  /** `gapMs` after what there is. */
  startPeriod(gapMs: number): void {
    this.#positionMs += gapMs;
    this.timeline.startPeriod(this.#positionMs, this.#tracks);
  }

  open(): void {
    this.timeline.open(this.#positionMs);
  }

  /** The parts with these numbers, for all tracks or those given. */
  grow(parts: readonly number[], trackIds = this.#ids()): void {
    for (const part of parts)
      for (const { id, fragment } of this.#fragments(part, trackIds)) this.timeline.grow(id, fragment);
  }

  /** Makes the segment complete that is growing. */
  complete(): void {
    const tracks = this.#ids().map((trackId) => {
      const fragments = Array.from({ length: partsOfSegment }, (_, part) => ({
        ...this.#fragments(part, [trackId])[0]!.fragment,
        offset: part * 100,
        bytes: 100,
      }));
      const [{ startTicks }] = fragments as [Fragment];
      const durationTicks = fragments.reduce((sum, fragment) => sum + fragment.durationTicks, 0);
      const media = Buffer.alloc(100 * partsOfSegment, 'media');
      return [trackId, { startTicks, durationTicks, fragments, media }] as const;
    });
    this.timeline.add({ startMs: this.#positionMs, durationMs: 2000, tracks: Object.fromEntries(tracks) });
    this.#positionMs += 2000;
  }

  /** Whole segments, one after the other. */
  addSegments(count: number): void {
    for (let index = 0; index < count; index++) {
      this.open();
      this.grow([0, 1, 2, 3, 4, 5]);
      this.complete();
    }
  }

  #ids(): string[] {
    return this.#tracks.map(({ id }) => id);
  }

  #fragments(part: number, trackIds: readonly string[]) {
    return this.#tracks
      .filter(({ id }) => trackIds.includes(id))
      .map(({ id, kind, timescale }) => {
        const [startTicks, endTicks] = [part, part + 1].map((at) =>
          Math.round(((this.#positionMs + at * partMs) * timescale) / 1000),
        ) as [number, number];
        const independent = kind !== 'video' || part === 0;
        return { id, fragment: { startTicks, durationTicks: endTicks - startTicks, independent } };
      });
  }
}
