import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { mediaPath, timelineTag } from '../cmaf/mediaPath.ts';
import { SegmentList } from './segmentList.ts';

/**
 * A key frame for each segment of a video track, for scrubbing and trick play (RFC 8216 4.3.3.6). Numbers and
 * boundaries are those of the media playlist. The range of a key frame is the whole fragment that begins with it: the
 * boxes would say more than a shorter range holds, and demuxers wait for the rest of a box.
 */
export class IframePlaylist {
  readonly #timeline: TimelineReader;
  readonly #list: SegmentList;

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
    const tag = timelineTag(timeline);
    this.#list = new SegmentList(tag, ({ tracks, sequence }, { id, timescale }) => {
      const { fragments, durationTicks } = tracks[id]!;
      const byteRange = fragments.find(({ independent }) => independent);
      if (!byteRange) return undefined;
      return { seconds: durationTicks / timescale, uri: mediaPath.sequence(tag, id, sequence), byteRange };
    });
  }

  /** Takes over what is new. `wanted` is the track's latest definition. The timeline must have a segment. */
  update(wanted: Track): void {
    this.#list.update(this.#timeline, wanted);
  }

  text(canBlock: boolean): Buffer {
    const { segments, ended, windowSeconds, targetDurationSeconds, discontinuitySequence } = this.#timeline;
    const first = segments[0]!;
    const type = ended && windowSeconds === 0 ? '#EXT-X-PLAYLIST-TYPE:VOD\n' : '';
    const control = canBlock ? '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES\n' : '';
    const head = `#EXTM3U
#EXT-X-VERSION:${this.#list.hasGaps ? 8 : 7}
#EXT-X-TARGETDURATION:${Math.max(targetDurationSeconds, Math.round(this.#list.longestSeconds), 1)}
${type}${control}#EXT-X-I-FRAMES-ONLY
#EXT-X-MEDIA-SEQUENCE:${first.sequence}
#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}
${this.#list.startTags(first)}`;
    return Buffer.concat([
      Buffer.from(head, 'latin1'),
      this.#list.text(0, this.#list.length),
      Buffer.from(ended ? '#EXT-X-ENDLIST\n' : '', 'latin1'),
    ]);
  }
}
