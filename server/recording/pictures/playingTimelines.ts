import type { TimelineReader } from '../../segments/timelineReader.ts';

/** What an entry plays now: its broadcast, or the recording that is left of it. */
export interface PlayingTimelines {
  playing(entryId: string): TimelineReader | undefined | Promise<TimelineReader | undefined>;
}
