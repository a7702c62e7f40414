import type { InitSegment } from '../media/mp4/initSegment.ts';
import type { SourceTracks, Track } from '../media/track.ts';
import { bitrateKbpsFor, type OutputTrack } from './ladder.ts';

/** Boxes around the media. */
const overhead = 1.03;
const usualAacBps = 128_000;

/** The track as readers see it. `measuredBps` is what a copied track has been seen to have. */
export function describeTrack(
  output: OutputTrack,
  init: InitSegment,
  source: SourceTracks,
  measuredBps: number | undefined,
): Track {
  const base = { id: output.id, codec: init.codec, timescale: init.timescale };
  const bitrateBps = output.encoder === 'copy' ? measuredBps : Math.round(output.bitrateKbps * 1000 * overhead);
  if (init.kind === 'audio') {
    const { sampleRate, channels } = init;
    return { ...base, kind: 'audio', sampleRate, channels, bitrateBps: bitrateBps ?? usualAacBps };
  }
  const { width, height } = init;
  const frameRate = source.video?.frameRate;
  return {
    ...base,
    kind: 'video',
    width,
    height,
    frameRate: frameRate ?? 0,
    bitrateBps: bitrateBps ?? bitrateKbpsFor({ width, height, frameRate }) * 1000,
  };
}
