import type { SourceTracks } from '../media/track.ts';
import type { TrackWithInit } from '../segments/segmentStore.ts';
import type { BitrateMeter } from './bitrateMeter.ts';
import type { CaptionWriter } from './captions/captionWriter.ts';
import { TextTracks } from './captions/textTracks.ts';
import { describeTrack } from './describeTrack.ts';
import { GapFiller } from './gapFiller.ts';
import type { OutputTrack } from './ladder.ts';
import { PartCutter } from './partCutter.ts';
import type { PastTracks } from './pastTracks.ts';
import { Segmenter, type SegmenterEvent } from './segmenter.ts';
import type { TimelineOutput } from './timelineOutput.ts';
import { TrackFiller } from './trackFiller.ts';
import type { TrackFragment } from './trackFragment.ts';
import { TrackReader, type TrackInit } from './trackReader.ts';

/** How long a period waits for tracks that have not begun. */
const patienceMs = 3000;
/** What is seen of a copied track before its bitrate is said. */
const meteredMs = 300;

/** How much there is of a copied track. */
export type TrackMeter = Pick<BitrateMeter, 'add' | 'meteredMs' | 'bitrateBps'>;

interface Arrival {
  readonly trackId: string;
  readonly fragment: TrackFragment;
  readonly newPeriod: boolean;
}

/** Puts the outputs of one ffmpeg together: tracks become periods, fragments become segments. */
export class MediaAssembly {
  readonly #sources: readonly SourceTracks[];
  readonly #onMisaligned: ((input: number) => void) | undefined;
  readonly #output: TimelineOutput;
  readonly #segmentMs: number;
  readonly #meters: ReadonlyMap<string, TrackMeter>;
  readonly #readers: readonly TrackReader[];
  readonly #past: PastTracks;
  readonly #fillers = new Map<string, TrackFiller>();
  readonly #gaps: GapFiller;
  readonly #parts: PartCutter;
  readonly #captions: CaptionWriter;
  /** The first picture; captions are the same in all that are made of one source. */
  readonly #captionedTrack: string | undefined;
  readonly #texts: TextTracks;
  /** The latest presentation end of all that has come. */
  #reachedMs = 0;
  /** By track id, in the order of the ladder once described. */
  readonly #inits = new Map<string, TrackInit>();
  /** Before the first period has begun. */
  #waiting: Arrival[] = [];
  readonly #misaligned = new Set<number>();
  #segmenter: Segmenter<TrackFragment> | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly tracks: readonly OutputTrack[];
    /** By input. */
    readonly sources: readonly SourceTracks[];
    readonly output: TimelineOutput;
    readonly segmentMs: number;
    /** Of the copied tracks, by id. */
    readonly meters: ReadonlyMap<string, TrackMeter>;
    /** Of this timeline. */
    readonly past: PastTracks;
    readonly captions: CaptionWriter;
    /** The key frames of an input are not where the first one's are. */
    readonly onMisaligned?: (input: number) => void;
  }) {
    this.#sources = options.sources;
    this.#onMisaligned = options.onMisaligned;
    this.#output = options.output;
    this.#parts = new PartCutter(options.output.epochMs);
    this.#segmentMs = options.segmentMs;
    this.#meters = options.meters;
    this.#past = options.past;
    this.#captions = options.captions;
    this.#texts = new TextTracks(options.captions);
    this.#captionedTrack = options.tracks.find(({ kind }) => kind === 'video')?.id;
    this.#readers = options.tracks.map((track) => new TrackReader(track));
    this.#gaps = new GapFiller(
      () => this.#fillers,
      () => this.#past.missing(this.#kinds).fillers,
    );
  }

  /** Fragments that came too late to be stored. */
  get dropped(): number {
    return this.#segmenter?.dropped ?? 0;
  }

  /** Bytes of an output, by its place in the ladder. Throws `Mp4Error`. */
  push(outputIndex: number, chunk: Uint8Array): void {
    const reader = this.#readers[outputIndex]!;
    const { id } = reader.output;
    let newPeriod = false;
    for (const unit of reader.push(chunk)) {
      if (unit.type === 'init') {
        newPeriod = this.#inits.has(id);
        this.#inits.set(id, unit.init);
        this.#fillers.set(id, new TrackFiller(unit.init.read));
        if (!newPeriod) this.#trackBegan(id, unit.init);
      } else {
        const { fragment } = unit;
        this.#meters.get(id)?.add(fragment.media, fragment.endMs - fragment.startMs);
        this.#reachedMs = Math.max(this.#reachedMs, fragment.endMs);
        if (id === this.#captionedTrack) this.#captions.read(fragment);
        this.#arrive({ trackId: id, fragment, newPeriod });
        newPeriod = false;
      }
    }
  }

  /** No more media: the last segments are completed. */
  flush(): void {
    clearTimeout(this.#patience);
    if (!this.#segmenter) this.#begin();
    if (this.#segmenter) this.#store(this.#segmenter.flush());
  }

  #trackBegan(id: string, { read }: TrackInit): void {
    if (this.#segmenter) this.#segmenter.addTrack({ id, kind: read.kind });
    else this.#patience ??= setTimeout(() => this.#begin(), patienceMs);
  }

  #begin(): void {
    clearTimeout(this.#patience);
    if (this.#inits.size === 0) return;
    const tracks = [...this.#inits].map(([id, { read }]) => ({ id, kind: read.kind }));
    this.#segmenter = new Segmenter<TrackFragment>(this.#segmentMs, tracks);
    for (const arrival of this.#waiting.splice(0)) this.#arrive(arrival);
  }

  #arrive(arrival: Arrival): void {
    if (!this.#segmenter) {
      this.#waiting.push(arrival);
      if (this.#isKnown) this.#begin();
      return;
    }
    const { trackId, fragment, newPeriod } = arrival;
    this.#store(this.#segmenter.push(trackId, fragment, newPeriod || this.#texts.takesPeriod()));
    if (this.#segmenter.misaligned.has(trackId)) this.#reportMisaligned(trackId);
  }

  #store(events: readonly SegmenterEvent<TrackFragment>[]): void {
    const filled = this.#parts.cut(this.#gaps.fillHoles(events));
    this.#output.apply(this.#texts.write(filled, this.#reachedMs), this.#describe);
  }

  /** Every track has begun, and has shown what it is like. */
  get #isKnown(): boolean {
    return this.#readers.every(({ output: { id } }) => {
      const meter = this.#meters.get(id);
      return this.#inits.has(id) && (!meter || meter.meteredMs >= meteredMs);
    });
  }

  /** What has come of this source. */
  get #kinds(): ReadonlySet<'video' | 'audio'> {
    return new Set(Array.from(this.#inits.values(), ({ read }) => read.kind));
  }

  readonly #describe = (): TrackWithInit[] => {
    const own = this.#readers.flatMap(({ output }) => {
      const init = this.#inits.get(output.id);
      if (!init) return [];
      const source = this.#sources[inputOf(output)] ?? {};
      const track = describeTrack(output, init.read, source, this.#meters.get(output.id)?.bitrateBps);
      return [{ ...track, init: init.data }];
    });
    const missing = this.#past.missing(this.#kinds).tracks;
    this.#past.remember(own, this.#fillers);
    return this.#texts.describe([...own, ...missing].toSorted(byKindAndId));
  };

  /** Once; only inputs beside the first can be. */
  #reportMisaligned(trackId: string): void {
    const input = this.#readers.map(({ output }) => (output.id === trackId ? inputOf(output) : 0)).find(Boolean);
    if (input === undefined || this.#misaligned.has(input)) return;
    this.#misaligned.add(input);
    this.#onMisaligned?.(input);
  }
}

/** The order of the ladder: pictures first. */
function byKindAndId(a: TrackWithInit, b: TrackWithInit): number {
  if (a.kind !== b.kind) return a.kind === 'video' ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function inputOf(output: OutputTrack): number {
  return 'input' in output ? (output.input ?? 0) : 0;
}
