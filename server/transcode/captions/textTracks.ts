import { writeCueFragment } from '../../media/captions/cueFragment.ts';
import { writeTextInit } from '../../media/mp4/writeTextInit.ts';
import type { TextTrack } from '../../media/track.ts';
import type { NewFragment, TrackWithInit } from '../../segments/segmentStore.ts';
import type { SegmenterEvent } from '../segmenter.ts';
import { textTimescale, type CaptionPlan } from './captionPlan.ts';
import type { CaptionWriter } from './captionWriter.ts';

interface OpenSegment {
  readonly segment: number;
  readonly startMs: number;
  readonly tracks: readonly TextTrack[];
}

type Event = SegmenterEvent<NewFragment>;

/** Gives each segment its text, as it is completed, and each period what it says of captions. */
export class TextTracks {
  readonly #writer: CaptionWriter;
  /** Of periods that have been opened and not been described. */
  readonly #planned: CaptionPlan[] = [];
  #plan: CaptionPlan | undefined;
  #open: OpenSegment[] = [];
  /** New captions have begun a period of their own. */
  readonly #begun = { services: false, texts: false };
  #foundCount = 0;

  constructor(writer: CaptionWriter) {
    this.#writer = writer;
  }

  /** Whether there are captions now that the present period does not have: for each kind once, not to break up a broadcast. */
  takesPeriod(): boolean {
    if (!this.#plan || this.#writer.foundCount === this.#foundCount) return false;
    this.#foundCount = this.#writer.foundCount;
    const { services, tracks } = this.#writer.plan;
    const planned = new Set(this.#plan.tracks.map(({ id }) => id));
    const kinds = {
      services: services.length > this.#plan.services.length,
      texts: services.length === this.#plan.services.length && tracks.some(({ id }) => !planned.has(id)),
    };
    for (const kind of ['services', 'texts'] as const) {
      if (!kinds[kind] || this.#begun[kind]) continue;
      this.#begun[kind] = true;
      return true;
    }
    return false;
  }

  /** The same events, with text before each segment is complete. `reachedMs` is where the last one ends. */
  write(events: readonly Event[], reachedMs: number): Event[] {
    return events.flatMap((event) => {
      if (event.type === 'open') this.#opened(event);
      return event.type === 'complete' ? [...this.#finish(event.segment, reachedMs), event] : [event];
    });
  }

  /** Once for each period, in their order: its tracks with what is to be known of captions, and those of the text. */
  describe(tracks: readonly TrackWithInit[]): TrackWithInit[] {
    const { services, tracks: texts } = this.#planned.shift() ?? { services: [], tracks: [] };
    const described = tracks.map((track): TrackWithInit => {
      return track.kind === 'video' && services.length > 0 ? { ...track, captions: services } : track;
    });
    const inits = texts.map((track) => Object.assign({ init: writeTextInit(textTimescale, track.language) }, track));
    return [...described, ...inits];
  }

  #opened({ segment, startMs, newPeriod }: Event & { type: 'open' }): void {
    if (newPeriod || !this.#plan) {
      this.#plan = this.#writer.plan;
      this.#planned.push(this.#plan);
      this.#foundCount = this.#writer.foundCount;
    }
    this.#open.push({ segment, startMs, tracks: this.#plan.tracks });
  }

  #finish(segment: number, reachedMs: number): Event[] {
    const index = this.#open.findIndex((open) => open.segment === segment);
    const closing = this.#open[index];
    if (!closing) return [];
    const startTicks = toTicks(closing.startMs);
    const endTicks = toTicks(this.#open[index + 1]?.startMs ?? reachedMs);
    this.#open.splice(index, 1);
    if (endTicks <= startTicks) return [];
    const cues = this.#writer.cut(startTicks, endTicks);
    return closing.tracks.map(({ id }) => {
      const data = writeCueFragment(startTicks, endTicks, cues.get(id) ?? []);
      const fragment = { startTicks, durationTicks: endTicks - startTicks, independent: true, data };
      return { type: 'append', segment, trackId: id, fragment };
    });
  }
}

function toTicks(ms: number): number {
  return Math.round((ms * textTimescale) / 1000);
}
