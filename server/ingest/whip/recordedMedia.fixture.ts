import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sampleRate = 48_000;

export interface RecordedStream {
  readonly codec: string;
  readonly width?: number;
  readonly height?: number;
  readonly firstMs: number;
  /** Decoded by ffprobe, not only stored. */
  readonly decodedFrames: number;
}

async function probe(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...args], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** What a recorded file holds. */
export async function probeStreams(file: string): Promise<{ video?: RecordedStream; audio?: RecordedStream }> {
  const { streams } = (await probe('-count_frames', '-show_streams', file)) as {
    streams: {
      codec_type: string;
      codec_name: string;
      width?: number;
      height?: number;
      start_time: string;
      nb_read_frames: string;
    }[];
  };
  const found = streams.map(({ codec_type: kind, codec_name: codec, width, height, start_time, nb_read_frames }) => [
    kind,
    { codec, width, height, firstMs: Math.round(Number(start_time) * 1000), decodedFrames: Number(nb_read_frames) },
  ]);
  return Object.fromEntries(found) as { video?: RecordedStream; audio?: RecordedStream };
}

/** Milliseconds by which each beep comes after its flash, as a player would hear and see them; not for one cut off by the end. */
export async function flashOffsets(file: string): Promise<number[]> {
  const flashes = await flashTimes(file);
  const { beeps, endMs } = await beepTimes(file);
  const complete = flashes.filter((flash) => flash < endMs - 200);
  return complete.flatMap((flash) => {
    const nearest = beeps.reduce(
      (best, beep) => (Math.abs(beep - flash) < Math.abs(best - flash) ? beep : best),
      Infinity,
    );
    return Number.isFinite(nearest) ? [nearest - flash] : [];
  });
}

async function flashTimes(file: string): Promise<number[]> {
  const { frames } = (await probe(
    '-f',
    'lavfi',
    '-show_entries',
    'frame=pts_time:frame_tags=lavfi.signalstats.YAVG',
    `movie=${file},signalstats`,
  )) as {
    frames: { pts_time: string; tags: Record<string, string> }[];
  };
  const bright = frames.map(({ pts_time, tags }) => ({
    ms: Number(pts_time) * 1000,
    on: Number(tags['lavfi.signalstats.YAVG']) > 100,
  }));
  return bright.filter(({ on }, index) => index > 0 && on && !bright[index - 1]?.on).map(({ ms }) => ms);
}

async function beepTimes(file: string): Promise<{ beeps: number[]; endMs: number }> {
  const format = [
    '-map',
    '0:a',
    '-af',
    'aresample=async=1:first_pts=0',
    '-f',
    's16le',
    '-ac',
    '1',
    '-ar',
    String(sampleRate),
    '-',
  ];
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, ...format], {
    encoding: 'buffer',
    maxBuffer: 1 << 28,
  });
  const beeps: number[] = [];
  let quietMs = Infinity;
  const samplesPerMs = sampleRate / 1000;
  for (let ms = 0; (ms + 1) * samplesPerMs * 2 <= stdout.length; ms += 1) {
    let peak = 0;
    for (let sample = 0; sample < samplesPerMs; sample += 1)
      peak = Math.max(peak, Math.abs(stdout.readInt16LE((ms * samplesPerMs + sample) * 2)));
    if (peak > 2000 && quietMs > 100) beeps.push(ms);
    quietMs = peak > 2000 ? 0 : quietMs + 1;
  }
  return { beeps, endMs: stdout.length / 2 / samplesPerMs };
}
