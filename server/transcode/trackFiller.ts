import { silentAacFrame } from '../media/codecs/silentAac.ts';
import type { InitSegment } from '../media/mp4/initSegment.ts';
import { writeFragment, type NewSample } from '../media/mp4/writeFragment.ts';
import { TrackFragment } from './trackFragment.ts';

const usualAacFrameTicks = 1024;
/** HE-AAC v2 has one channel coded and makes two of it. */
const parametricStereo = 'mp4a.40.29';

/** Makes media where a track has none: silence for sound, the last key frame for the picture. */
export class TrackFiller {
  readonly init: InitSegment;
  #keyFrame: Pick<NewSample, 'data' | 'compositionTicks'> | undefined;
  readonly #silentFrame: Uint8Array | undefined;
  #aacFrameTicks = usualAacFrameTicks;

  constructor(init: InitSegment) {
    this.init = init;
    if (init.kind === 'audio') this.#silentFrame = silentAacFrame(init.codec === parametricStereo ? 1 : init.channels);
  }

  /** Length of what silence is made of; 0 for the picture. */
  get frameTicks(): number {
    return this.init.kind === 'audio' ? this.#aacFrameTicks : 0;
  }

  /** Whether it has what it takes: a key frame, or a layout of channels that has a silence. */
  get isAble(): boolean {
    return this.init.kind === 'video' ? this.#keyFrame !== undefined : this.#silentFrame !== undefined;
  }

  /** Shown every fragment of the track. */
  learn({ data, media }: TrackFragment): void {
    const first = media.samples[0]!;
    if (this.init.kind === 'audio') this.#aacFrameTicks = first.durationTicks || this.#aacFrameTicks;
    else if (first.sync) {
      const { offset, bytes, compositionTicks } = first;
      this.#keyFrame = { data: data.subarray(offset, offset + bytes), compositionTicks };
    }
  }

  /** In presentation time. Undefined for less than a frame, and where nothing can be made. */
  fill(fromTicks: number, toTicks: number): TrackFragment | undefined {
    if (toTicks <= fromTicks) return undefined;
    return this.init.kind === 'audio' ? this.#silence(fromTicks, toTicks) : this.#picture(fromTicks, toTicks);
  }

  #silence(fromTicks: number, toTicks: number): TrackFragment | undefined {
    const data = this.#silentFrame;
    const length = Math.floor((toTicks - fromTicks) / this.#aacFrameTicks);
    if (!data || length === 0) return undefined;
    const sample = { data, durationTicks: this.#aacFrameTicks, compositionTicks: 0, sync: true };
    return this.#fragment(
      fromTicks,
      Array.from({ length }, () => sample),
    );
  }

  #picture(fromTicks: number, toTicks: number): TrackFragment | undefined {
    const keyFrame = this.#keyFrame;
    if (!keyFrame || fromTicks < keyFrame.compositionTicks) return undefined;
    const sample = { ...keyFrame, durationTicks: toTicks - fromTicks, sync: true };
    return this.#fragment(fromTicks - keyFrame.compositionTicks, [sample]);
  }

  #fragment(decodeTicks: number, samples: readonly NewSample[]): TrackFragment {
    return new TrackFragment(writeFragment(this.init.trackId, decodeTicks, samples), this.init);
  }
}
