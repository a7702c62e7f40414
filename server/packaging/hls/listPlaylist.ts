import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { SegmentList, type DescribeEntry } from './segmentList.ts';

/**
 * A playlist of one thing for each complete segment, without parts. Numbers and boundaries are those of the media
 * playlists.
 */
export class ListPlaylist {
  readonly #timeline: TimelineReader;
  readonly #list: SegmentList;
  readonly #tags: string;

  /** `tags`: what its head says beside what all say. */
  constructor(timeline: TimelineReader, describe: (tag: string) => DescribeEntry, tags = '') {
    this.#timeline = timeline;
    this.#tags = tags;
    const tag = timelineTag(timeline);
    this.#list = new SegmentList(tag, describe(tag));
  }

  /** Takes over what is new. `wanted` is the track's latest definition. The timeline must have a segment. */
  update(wanted: Track): void {
    this.#list.update(this.#timeline, wanted);
  }

  /** With `reports`, where others of the broadcast are, it can be waited for. */
  text(reports: string | undefined): Buffer {
    const { segments, ended, windowSeconds, targetDurationSeconds, discontinuitySequence } = this.#timeline;
    const first = segments[0]!;
    const type = ended && windowSeconds === 0 ? '#EXT-X-PLAYLIST-TYPE:VOD\n' : '';
    const control = reports === undefined ? '' : '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n';
    const head = `#EXTM3U
#EXT-X-VERSION:${this.#list.hasGaps ? 8 : 7}
#EXT-X-TARGETDURATION:${Math.max(targetDurationSeconds, Math.round(this.#list.longestSeconds), 1)}
${type}${control}${this.#tags}#EXT-X-MEDIA-SEQUENCE:${first.sequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}
${this.#list.startTags(first)}`;
    return Buffer.concat([
      Buffer.from(head, 'latin1'),
      this.#list.text(0, this.#list.length),
      Buffer.from(ended ? '#EXT-X-ENDLIST\n' : (reports ?? ''), 'latin1'),
    ]);
  }
}
