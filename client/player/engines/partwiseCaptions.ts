import HlsJs, { type Events, type FragLoadingData, type FragParsingUserdataData, type HlsConfig } from 'hls.js';

type UserdataSample = FragParsingUserdataData['samples'][number];
type TimelineController = NonNullable<HlsConfig['timelineController']>;

interface Line21Parser {
  readonly channels: readonly ({ readonly outputFilter: { dispatchCue(): void } } | null)[];
  cueSplitAtTime(seconds: number): void;
}

/** What hls.js 1.7 has inside. */
interface TimelineParts {
  lastSn: number;
  /** -1 where whole segments are loaded. */
  lastPartIndex: number;
  readonly cea608Parser1?: Line21Parser;
  readonly cea608Parser2?: Line21Parser;
  onFragLoading(event: Events.FRAG_LOADING, data: FragLoadingData): void;
  onFragParsingUserdata(event: Events.FRAG_PARSING_USERDATA, data: FragParsingUserdataData): void;
}

/** Longer than frames are reordered. */
const reorderSeconds = 0.25;

// The typings have no named default configuration.
// oxlint-disable-next-line import/no-named-as-default-member
const Timeline = HlsJs.DefaultConfig.timelineController as unknown as new (hls: HlsJs) => TimelineParts;

/**
 * Reads captions inside the picture part by part. hls.js itself takes each part of a segment for a jump, at which it
 * forgets what has been loaded, knows the order of frames only within a part, and shows a caption once it knows when it
 * ends, which at low latency is after it has been said.
 */
class PartwiseTimeline extends Timeline {
  #held: UserdataSample[] = [];

  override onFragLoading(event: Events.FRAG_LOADING, data: FragLoadingData): void {
    const { sn } = data.frag;
    const kind: string = data.frag.type;
    const part = data.part?.index ?? -1;
    if (kind === 'main' && typeof sn === 'number') {
      // Only the first of the parts that are loaded together is told of.
      const goesOn = sn === this.lastSn && part > this.lastPartIndex;
      if (goesOn) this.lastSn = sn - 1;
      else if (sn !== this.lastSn + 1) this.#held = [];
    }
    super.onFragLoading(event, data);
  }

  override onFragParsingUserdata(event: Events.FRAG_PARSING_USERDATA, data: FragParsingUserdataData): void {
    const samples = [...this.#held, ...data.samples].toSorted((a, b) => a.pts - b.pts);
    const certainUntil = (samples.at(-1)?.pts ?? 0) - reorderSeconds;
    const first = samples.findIndex(({ pts }) => pts > certainUntil);
    this.#held = first < 0 ? [] : samples.splice(first);
    super.onFragParsingUserdata(event, { ...data, samples });
    const last = samples.at(-1);
    if (last && this.lastPartIndex >= 0) this.#giveOut(last.pts);
  }

  /** What is on the screen now, as far as it is known. */
  #giveOut(seconds: number): void {
    for (const parser of [this.cea608Parser1, this.cea608Parser2]) {
      parser?.cueSplitAtTime(seconds);
      for (const channel of parser?.channels ?? []) channel?.outputFilter.dispatchCue();
    }
  }
}

export const partwiseCaptions = { timelineController: PartwiseTimeline as unknown as TimelineController };
