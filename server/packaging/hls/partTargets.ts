import { partTargetSeconds, usualPartTargetSeconds } from '../../media/partDuration.ts';
import type { Fragment, Period } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { firstWithin } from './recentSegments.ts';

/** Kinds of tracks that have parts. */
type PartKind = 'video' | 'audio';
type Longest = Readonly<Record<PartKind, number>>;

/** No part from before this is listed, or measured. */
const measuredSeconds = 30;

/**
 * The PART-TARGET of each kind of track (RFC 8216bis 4.4.3.7). It is the usual one, except while a longer part has been
 * listed within the last half minute. Such a part is a picture that stood still for as long: one frame, which nobody
 * can cut, and which must not be longer than the target. Beside it other parts are shorter than 85 % of the target
 * (4.4.4.9); that rule gives way, for players wait by the target, and only check the other. The half minute keeps the
 * target of a shared screen steady; that it ends brings viewers back to the live edge. Going by what is stored, and not
 * by what has been seen, all who make a playlist of it say the same.
 */
export class PartTargets {
  readonly #timeline: TimelineReader;
  readonly #measured = new Map<number, Longest>();
  #longest: Longest = { video: 0, audio: 0 };

  constructor(timeline: TimelineReader) {
    this.#timeline = timeline;
  }

  /** In seconds. */
  of(kind: PartKind): number {
    const longest = this.#longest[kind];
    return Math.max(usualPartTargetSeconds, Math.ceil(longest * 1000 - 0.001) / 1000);
  }

  /** Position of the first segment whose parts may be listed. The timeline must have a segment. */
  get from(): number {
    const { segments, growing } = this.#timeline;
    const last = segments.at(-1)!;
    return firstWithin(segments, measuredSeconds, growing.at(-1)?.startMs ?? last.startMs + last.durationMs);
  }

  update(): void {
    const { segments, periods, growing } = this.#timeline;
    const recent = segments.slice(this.from);
    for (const sequence of this.#measured.keys()) if (sequence < recent[0]!.sequence) this.#measured.delete(sequence);
    for (const { sequence, period, tracks } of recent) {
      if (this.#measured.has(sequence)) continue;
      const described = periods.find(({ index }) => index === period);
      this.#measured.set(
        sequence,
        longestOf(described, (id) => tracks[id]?.fragments),
      );
    }
    const all = [
      ...this.#measured.values(),
      ...growing.map(({ period, fragments }) => longestOf(period, (id) => fragments.get(id))),
      longestOf(periods.at(-1), () => undefined),
    ];
    this.#longest = {
      video: Math.max(...all.map(({ video }) => video)),
      audio: Math.max(...all.map(({ audio }) => audio)),
    };
  }
}

/** Of a period's tracks, by what their frame rates make expect and by what there is of them. */
function longestOf(period: Period | undefined, partsOf: (trackId: string) => readonly Fragment[] | undefined): Longest {
  const longest = { video: 0, audio: 0 };
  for (const track of period?.tracks ?? []) {
    if (track.kind === 'text') continue;
    const parts = (partsOf(track.id) ?? []).map(({ durationTicks }) => durationTicks / track.timescale);
    longest[track.kind] = Math.max(longest[track.kind], expectedSeconds(track), ...parts);
  }
  return longest;
}

function expectedSeconds(track: Track): number {
  return partTargetSeconds(track.kind === 'video' ? track.frameRate : 0);
}
