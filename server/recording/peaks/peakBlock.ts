import { Readable } from 'node:stream';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import type { FfmpegTask } from '../../transcode/ffmpegTask.ts';
import { binsPerBlock, blockMs, PeakBins, sampleRate } from './peakBins.ts';
import { findSoundRuns, type SoundRun } from './soundRun.ts';

const deadlineMs = 30_000;
/** Segments are longer than asked for now and then; what is outside of the block is not counted in. */
const mostSamples = (4 * blockMs * sampleRate) / 1000;

/** Decodes the sound of one block of a timeline. */
export async function makePeakBlock(
  timeline: TimelineReader,
  block: number,
  run: (task: FfmpegTask) => Promise<Buffer>,
): Promise<PeakBins> {
  const fromMs = block * blockMs;
  const bins = new PeakBins(binsPerBlock);
  for (const sound of findSoundRuns(timeline, fromMs, fromMs + blockMs)) {
    bins.addSamples(await run(decodeTask(timeline, sound)), sound.startMs - fromMs);
  }
  return bins;
}

function decodeTask(timeline: TimelineReader, sound: SoundRun): FfmpegTask {
  return {
    inputs: [{ args: ['-f', 'mp4'], from: () => Readable.from(storedSound(timeline, sound)) }],
    outputs: [
      {
        args: ['-vn', '-ac', '1', '-ar', String(sampleRate), '-f', 's16le'],
        to: { maxBytes: 2 * mostSamples },
      },
    ],
    deadlineMs,
  };
}

async function* storedSound(timeline: TimelineReader, { period, track, sequences }: SoundRun): AsyncGenerator<Buffer> {
  const init = timeline.init(period, track.id);
  if (!init) return;
  yield await init.buffer();
  for (const sequence of sequences) {
    const media = timeline.media(sequence, track.id);
    if (!media) return;
    yield await media.buffer();
  }
}
