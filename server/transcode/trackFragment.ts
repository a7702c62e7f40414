import type { InitSegment } from '../media/mp4/initSegment.ts';
import { readFragment, type MediaFragment } from '../media/mp4/mediaFragment.ts';
import type { NewFragment } from '../segments/segmentStore.ts';
import type { TimedFragment } from './segmenter.ts';

/** One fragment of an output of ffmpeg. Throws `Mp4Error` when the bytes are not one. */
export class TrackFragment implements TimedFragment, NewFragment {
  readonly data: Uint8Array;
  readonly media: MediaFragment;
  readonly init: InitSegment;

  constructor(data: Uint8Array, init: InitSegment, keyFrameCompositionTicks = 0) {
    this.data = data;
    this.media = readFragment(data, init, keyFrameCompositionTicks);
    this.init = init;
  }

  get startTicks(): number {
    return this.media.startTicks;
  }

  get durationTicks(): number {
    return this.media.durationTicks;
  }

  get independent(): boolean {
    return this.media.independent;
  }

  get startMs(): number {
    return (this.startTicks * 1000) / this.init.timescale;
  }

  get endMs(): number {
    return ((this.startTicks + this.durationTicks) * 1000) / this.init.timescale;
  }
}
