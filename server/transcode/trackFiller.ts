import { silentAacFrame } from '../media/codecs/silentAac.ts';
import { leastPartSeconds, usualPartTargetSeconds } from '../media/partDuration.ts';
import type { InitSegment } from '../media/mp4/initSegment.ts';
import { writeFragment, type NewSample } from '../media/mp4/writeFragment.ts';
import { TrackFragment } from './trackFragment.ts';

/** Samples in a frame of AAC-LC (ISO/IEC 14496-3 4.5.2.1). */
const aacFrameSamples = [960, 1024];
const usualAacFrameSamples = 1024;
/** By how much a frame may last longer or shorter where times are whole milliseconds. */
const frameJitter = 0.2;
/** In a hole that is longer than so many pieces they are longer. */
const mostPictures = 90;
const mostSilentPieces = 3000;

/** Makes media where a track has none: silence for sound, the last key frame for the picture. */
export class TrackFiller {
  readonly init: InitSegment;
  #keyFrame: Pick<NewSample, 'data' | 'compositionTicks'> | undefined;
  readonly #silentFrame: Uint8Array | undefined;
  #aacFrameTicks: number;

  constructor(init: InitSegment) {
    this.init = init;
    this.#aacFrameTicks = ticksOf(usualAacFrameSamples, init);
    if (init.kind === 'audio') this.#silentFrame = silentAacFrame(init.channels);
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
    if (this.init.kind === 'audio') this.#aacFrameTicks = this.#likelyFrameTicks(first.durationTicks);
    else if (first.sync) {
      const { offset, bytes, compositionTicks } = first;
      this.#keyFrame = { data: data.subarray(offset, offset + bytes), compositionTicks };
    }
  }

  /**
   * A fragment's last frame is said to last until the next one has come, however long that was. No frame of sound
   * lasts longer than another one: what is left is a hole.
   */
  withoutHole(fragment: TrackFragment, toleranceTicks: number): TrackFragment {
    const last = fragment.media.samples.at(-1)!;
    if (this.init.kind !== 'audio' || last.durationTicks <= this.#aacFrameTicks + toleranceTicks) return fragment;
    const samples = fragment.media.samples.map((sample) => ({
      data: fragment.data.subarray(sample.offset, sample.offset + sample.bytes),
      durationTicks: sample === last ? this.#aacFrameTicks : sample.durationTicks,
      compositionTicks: sample.compositionTicks,
      sync: sample.sync,
    }));
    return this.#fragment(fragment.media.samples[0]!.decodeTicks, samples);
  }

  /**
   * From one presentation time to another, in pieces that are no longer than a part: single frames of silence, and the
   * key frame as often as there are parts. `whole`: no piece that is shorter than the others, but for the first, which
   * ends the part that has been begun. Nothing for less than a frame of sound, and where nothing can be made.
   */
  fill(fromTicks: number, toTicks: number, whole = false, begunTicks = 0): TrackFragment[] {
    if (toTicks <= fromTicks) return [];
    if (this.init.kind === 'audio') return this.#silence(fromTicks, toTicks);
    return this.#pictures(fromTicks, toTicks, whole, begunTicks);
  }

  #silence(fromTicks: number, toTicks: number): TrackFragment[] {
    const data = this.#silentFrame;
    const durationTicks = this.#aacFrameTicks;
    const frames = Math.floor((toTicks - fromTicks) / durationTicks);
    if (!data || frames === 0) return [];
    const perPiece = Math.ceil(frames / mostSilentPieces);
    const sample = { data, durationTicks, compositionTicks: 0, sync: true };
    const pieces: TrackFragment[] = [];
    for (let at = 0; at < frames; at += perPiece) {
      const samples = Array.from({ length: Math.min(perPiece, frames - at) }, () => sample);
      pieces.push(this.#fragment(fromTicks + at * durationTicks, samples));
    }
    return pieces;
  }

  #pictures(fromTicks: number, toTicks: number, whole: boolean, begunTicks: number): TrackFragment[] {
    const keyFrame = this.#keyFrame;
    if (!keyFrame || fromTicks < keyFrame.compositionTicks) return [];
    const { timescale } = this.init;
    const partTicks = Math.round(leastPartSeconds * timescale);
    const pieceTicks = Math.max(partTicks, Math.ceil((toTicks - fromTicks) / mostPictures));
    const pieces: TrackFragment[] = [];
    for (let at = fromTicks, durationTicks: number; at < toTicks; at += durationTicks) {
      const begun = at === fromTicks ? begunTicks : 0;
      const isLast = toTicks - at + begun <= usualPartTargetSeconds * timescale;
      const wholeTicks = begun > 0 ? Math.max(1, partTicks - begun) : pieceTicks;
      durationTicks = isLast && !whole ? toTicks - at : wholeTicks;
      if (at + durationTicks > toTicks) break;
      pieces.push(this.#fragment(at - keyFrame.compositionTicks, [{ ...keyFrame, durationTicks, sync: true }]));
    }
    return pieces;
  }

  /** The length of frame that is nearest, where one is near: before a hole the length says nothing. */
  #likelyFrameTicks(durationTicks: number): number {
    const lengths = aacFrameSamples.map((samples) => ticksOf(samples, this.init));
    const off = (ticks: number) => Math.abs(ticks - durationTicks);
    const nearest = lengths.reduce((best, ticks) => (off(ticks) < off(best) ? ticks : best));
    return off(nearest) <= frameJitter * nearest ? nearest : this.#aacFrameTicks;
  }

  #fragment(decodeTicks: number, samples: readonly NewSample[]): TrackFragment {
    return new TrackFragment(writeFragment(this.init.trackId, decodeTicks, samples), this.init);
  }
}

function ticksOf(samples: number, init: InitSegment): number {
  return init.kind === 'audio' && init.sampleRate > 0 ? Math.round((samples * init.timescale) / init.sampleRate) : 0;
}
