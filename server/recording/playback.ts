import type { Recorded } from '../../shared/model/entry.ts';
import type { SegmentStore } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';
import { formerOf } from './clips/compositionNames.ts';
import type { Recordings } from './recordings.ts';

/** What an entry plays: its broadcast while it is on, then what was recorded of it; a video its own media. */
export class Playback {
  readonly #store: Pick<SegmentStore, 'latest' | 'composed'>;
  readonly #recordings: Pick<Recordings, 'newestOf' | 'stateOf'>;

  constructor(store: Pick<SegmentStore, 'latest' | 'composed'>, recordings: Pick<Recordings, 'newestOf' | 'stateOf'>) {
    this.#store = store;
    this.#recordings = recordings;
  }

  playing(entryId: string): TimelineReader | undefined | Promise<TimelineReader | undefined> {
    const latest = this.#store.latest(entryId);
    // One that has just begun has nothing to show yet.
    if (latest && !latest.ended && hasMedia(latest)) return latest;
    const recorded = this.#recorded(entryId, latest);
    if (recorded === undefined) return latest ?? this.#store.composed(entryId);
    return this.#store.composed(recorded).then((composed) => (composed && hasMedia(composed) ? composed : latest));
  }

  /** What those may still ask media of who began to watch before something else was to play. */
  async former(entryId: string): Promise<readonly TimelineReader[]> {
    const latest = this.#store.latest(entryId);
    const newest = this.#recordings.newestOf(entryId);
    const composed = newest && (await this.#store.composed(newest.entryId));
    const before = await this.#store.composed(formerOf(newest?.entryId ?? entryId));
    return [latest, composed, before].filter((timeline) => timeline !== undefined);
  }

  /** What is kept of an entry's broadcasts; null when the running or last one is not recorded. */
  recorded(entryId: string): Recorded | null {
    const state = this.#recordings.stateOf(entryId);
    if (state) return { entryId: state.entryId, active: state.recording, notice: state.notice };
    const recorded = this.#recorded(entryId, this.#store.latest(entryId));
    return recorded === undefined ? null : { entryId: recorded, active: false, notice: null };
  }

  /** The recorded entry that shows what was last on air; undefined when that was not recorded. */
  #recorded(entryId: string, latest: TimelineReader | undefined): string | undefined {
    const newest = this.#recordings.newestOf(entryId);
    const isOfLast = !latest || !hasMedia(latest) || newest?.broadcastId === latest.id;
    return isOfLast ? newest?.entryId : undefined;
  }
}

function hasMedia({ segments, growing }: TimelineReader): boolean {
  return segments.length > 0 || growing.length > 0;
}
