import { readInit, type InitSegment } from '../media/mp4/initSegment.ts';
import { Mp4Splitter } from '../media/mp4/mp4Splitter.ts';
import { replaceAvcConfiguration } from '../media/mp4/replaceAvcConfiguration.ts';
import type { OutputTrack } from './ladder.ts';
import { ParameterSetWatch } from './parameterSetWatch.ts';
import { TrackFragment } from './trackFragment.ts';

export interface TrackInit {
  readonly data: Uint8Array;
  readonly read: InitSegment;
}

/** `init` comes first, and once more before a fragment that needs another one. */
export type TrackUnit =
  { readonly type: 'init'; readonly init: TrackInit } | { readonly type: 'fragment'; readonly fragment: TrackFragment };

/** Reads one output of ffmpeg. Throws `Mp4Error` when it is not what was asked for. */
export class TrackReader {
  readonly output: OutputTrack;
  readonly #splitter = new Mp4Splitter();
  #init: TrackInit | undefined;
  #watch: ParameterSetWatch | undefined;
  #keyFrameCompositionTicks = 0;

  constructor(output: OutputTrack) {
    this.output = output;
  }

  push(chunk: Uint8Array): TrackUnit[] {
    const units: TrackUnit[] = [];
    for (const { type, data } of this.#splitter.push(chunk)) {
      if (type === 'init') units.push(this.#begin(data));
      else if (this.#init) units.push(...this.#read(data, this.#init));
    }
    return units;
  }

  #begin(data: Uint8Array): TrackUnit {
    const init = { data, read: readInit(data) };
    this.#init = init;
    if (this.output.encoder === 'copy' && init.read.kind === 'video') {
      this.#watch = new ParameterSetWatch(init.read.avcC);
    }
    return { type: 'init', init };
  }

  #read(data: Uint8Array, init: TrackInit): TrackUnit[] {
    const fragment = new TrackFragment(data, init.read, this.#keyFrameCompositionTicks);
    const unit: TrackUnit = { type: 'fragment', fragment };
    if (!fragment.independent) return [unit];
    const first = fragment.media.samples[0]!;
    this.#keyFrameCompositionTicks = first.compositionTicks;
    const changed = this.#watch?.changed(data.subarray(first.offset, first.offset + first.bytes));
    if (!changed) return [unit];
    const patched = replaceAvcConfiguration(init.data, changed.avcC, changed.width, changed.height);
    this.#init = { data: patched, read: readInit(patched) };
    return [{ type: 'init', init: this.#init }, unit];
  }
}
