import type { FlvFrame } from '../../media/flv/flvFrames.ts';
import { readInit, type InitSegment } from '../../media/mp4/initSegment.ts';
import { readFragment, type Sample } from '../../media/mp4/mediaFragment.ts';
import type { Fragment } from '../../media/timeline.ts';

/** A track's part of a segment, as the store has it. */
export interface StoredPart {
  readonly init: Uint8Array;
  readonly media: Uint8Array;
  readonly fragments: readonly Fragment[];
}

export interface TrackFrames {
  readonly configuration: Pick<FlvFrame, 'kind' | 'data'>;
  /** In decoding order. */
  readonly frames: readonly FlvFrame[];
}

/** The samples of a track as FLV frames that point into the stored bytes. Throws `Mp4Error`. */
export function trackFrames({ init: initBytes, media, fragments }: StoredPart): TrackFrames {
  const init = readInit(initBytes);
  const samples: Sample[] = [];
  for (const { offset, bytes } of fragments) {
    for (const sample of readFragment(media.subarray(offset, offset + bytes), init).samples) {
      samples.push({ ...sample, offset: offset + sample.offset });
    }
  }
  const timestamps = decodeTimesMs(samples, init);
  const { kind } = init;
  const frames = samples.map((sample, index): FlvFrame => {
    const timestampMs = timestamps[index]!;
    const compositionMs = kind === 'video' ? presentationMs(sample, init) - timestampMs : 0;
    const data = media.subarray(sample.offset, sample.offset + sample.bytes);
    return { kind, configuration: false, keyFrame: sample.sync, timestampMs, compositionMs, data };
  });
  return { configuration: { kind, data: configurationOf(init) }, frames };
}

function configurationOf(init: InitSegment): Uint8Array {
  return init.kind === 'video' ? init.avcC : init.audioSpecificConfig;
}

function toMs(ticks: number, { timescale }: InitSegment): number {
  return Math.round((ticks * 1000) / timescale);
}

function presentationMs({ decodeTicks, compositionTicks }: Sample, init: InitSegment): number {
  return toMs(decodeTicks + compositionTicks, init);
}

/**
 * Decoding times that never come after the presentation: in CMAF key frames are decoded when they are shown, and reordered
 * frames have negative composition offsets, which FLV players do not take. Frames that are needed early are decoded
 * early, but none before the first, so that each fragment stays within its time whatever the others hold.
 */
function decodeTimesMs(samples: readonly Sample[], init: InitSegment): number[] {
  const times = samples.map(({ decodeTicks }) => toMs(decodeTicks, init));
  if (init.kind === 'audio') return times;
  const firstMs = times[0] ?? 0;
  let nextMs = Infinity;
  for (let index = samples.length - 1; index >= 0; index--) {
    nextMs = Math.max(firstMs, Math.min(times[index]!, presentationMs(samples[index]!, init), nextMs - 1));
    times[index] = nextMs;
  }
  return times;
}
