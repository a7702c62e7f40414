import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { manifestBody } from '../manifestBody.ts';
import type { Manifest } from '../packager.ts';
import type { SeenTracks } from '../seenTracks.ts';
import { bootstrapBox } from './bootstrap.ts';
import { FragmentRuns } from './fragmentRuns.ts';
import { f4m, setLevelF4m, type F4mContent, type Rendition } from './f4m.ts';

const f4mType = 'application/f4m+xml';
const bootstrapType = 'video/abst';

/** The manifests and the bootstrap of one timeline, each made at most once per version. The timeline must have a segment. */
export class HdsManifests {
  readonly #timeline: TimelineReader;
  readonly #tracks: SeenTracks;
  readonly #runs = new FragmentRuns();
  readonly #made = new Map<string, Manifest>();
  #version = -1;

  constructor(timeline: TimelineReader, tracks: SeenTracks) {
    this.#timeline = timeline;
    this.#tracks = tracks;
  }

  all(): Manifest {
    return this.#once('all', () => this.#f4m(f4m(this.#content(this.#current()))));
  }

  setLevel(): Manifest {
    return this.#once('set level', () => this.#f4m(setLevelF4m(this.#content(this.#current()))));
  }

  /** Undefined when there has been no such track. */
  streamLevel(trackId: string): Manifest | undefined {
    const track = this.#tracks.get(trackId);
    return track && this.#once(`stream ${trackId}`, () => this.#f4m(f4m(this.#content([track]))));
  }

  /** Takes over some of what is new for the bootstrap: whether there is more, for the next turn. */
  takeOver(): boolean {
    return this.#timeline.segments.length > 0 && this.#runs.takeOver(this.#timeline);
  }

  bootstrap(): Manifest {
    const make = () => manifestBody(bootstrapBox(this.#timeline, this.#runs), bootstrapType, this.#timeline);
    return this.#once('bootstrap', make);
  }

  #once(name: string, make: () => Manifest): Manifest {
    const { version } = this.#timeline;
    if (version !== this.#version) {
      this.#version = version;
      this.#made.clear();
      this.#tracks.learn();
    }
    let manifest = this.#made.get(name);
    if (!manifest) this.#made.set(name, (manifest = make()));
    return manifest;
  }

  #f4m(text: string): Manifest {
    return manifestBody(Buffer.from(text, 'latin1'), f4mType, this.#timeline);
  }

  /** The renditions that are being sent now, best first. */
  #current(): Track[] {
    const tracks = this.#timeline.periods.at(-1)?.tracks ?? [];
    const video = tracks.filter(({ kind }) => kind === 'video');
    return (video.length > 0 ? video : tracks.filter(({ kind }) => kind === 'audio')).toSorted(
      (a, b) => b.bitrateBps - a.bitrateBps,
    );
  }

  #content(tracks: readonly Track[]): F4mContent {
    const { entryId, epochMs, ended, windowSeconds, segments, periods } = this.#timeline;
    const [first, last] = [segments[0]!, segments.at(-1)!];
    const audio = periods.at(-1)?.tracks.find(({ kind }) => kind === 'audio');
    const renditions = tracks.map((track): Rendition => ({
      track,
      audio: track.kind === 'video' ? audio : undefined,
    }));
    const durationSeconds = ended ? (last.startMs + last.durationMs - first.startMs) / 1000 : undefined;
    const tag = timelineTag(this.#timeline);
    return { id: entryId, tag, startedAtMs: epochMs, durationSeconds, windowSeconds, renditions };
  }
}
