import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { playlistHead, playlistType } from './playlistHead.ts';
import type { Presentation } from './presentation.ts';
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

  /** As `update`, but some of what is new only: whether there is more, for the next turn. */
  takeOver(wanted: Track): boolean {
    return this.#list.takeOver(this.#timeline, wanted);
  }

  /** Without what only low latency needs. */
  plain({ targetSeconds }: Presentation): Buffer {
    const list = this.#list;
    const tags = playlistType(this.#timeline) + this.#tags;
    const head = playlistHead(this.#timeline, { targetSeconds, hasGaps: list.hasGaps, skips: false, tags });
    const end = this.#timeline.ended ? '#EXT-X-ENDLIST\n' : '';
    return Buffer.concat([
      Buffer.from(head + list.startTags(this.#timeline.segments[0]!), 'latin1'),
      list.text(0, list.length),
      Buffer.from(end, 'latin1'),
    ]);
  }

  /** One that can be waited for, as a delta update where `skip` allows it. `trackId`: where it is the playlist of the track itself. */
  lowLatency(presentation: Presentation, skip: boolean, trackId?: string): Buffer {
    const list = this.#list;
    const { segments } = this.#timeline;
    const { targetSeconds, skipBoundarySeconds, control } = presentation;
    const from = skip ? list.firstWithin(segments, skipBoundarySeconds) : 0;
    const head = playlistHead(this.#timeline, {
      targetSeconds,
      hasGaps: list.hasGaps,
      skips: from > 0,
      tags: control + this.#tags,
    });
    return Buffer.concat([
      Buffer.from(head, 'latin1'),
      list.beginning(from, segments[0]!),
      list.text(from, list.length),
      Buffer.from(presentation.reports(trackId), 'latin1'),
    ]);
  }
}
