import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { firstStreamName } from '../../shared/urls.ts';

export const countedFrameRate = 25;
/** Black or white columns that spell a frame's number, the least significant bit at the left. */
const bits = 16;

/** An encoder whose every frame shows its number, in columns that a machine reads after lossy coding. */
export class CountedEncoder {
  readonly #process: ChildProcess;

  constructor(entry: LiveEntry) {
    if (!entry.ingest) throw new Error('the entry shows no ingest settings');
    const columns =
      `color=s=${bits}x9:r=${countedFrameRate},format=yuv420p,` +
      `geq=lum='if(mod(floor(N/pow(2,floor(X*${bits}/W))),2),235,16)':cb=128:cr=128,scale=640:360:flags=neighbor,setsar=1`;
    const input = [
      '-re',
      '-f',
      'lavfi',
      '-i',
      columns,
      '-re',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:sample_rate=48000',
    ];
    const video = [
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-g',
      String(countedFrameRate * 2),
    ];
    const url = `${entry.ingest.primaryUrl}/${firstStreamName(entry.ingest.streamName)}`;
    const output = ['-c:a', 'aac', '-b:a', '96k', '-f', 'flv', url];
    this.#process = spawn('ffmpeg', ['-loglevel', 'error', ...input, ...video, ...output], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** The numbers of all frames of a stream that has ended, in their order. */
export async function readNumbers(url: string): Promise<number[]> {
  const filter = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', `scale=${bits}:1:flags=area,format=gray`];
  const { stdout } = await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', url, ...filter, '-f', 'rawvideo', '-'], {
    encoding: 'buffer',
    timeout: 30_000,
  });
  return Array.from({ length: Math.floor(stdout.length / bits) }, (_, frame) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) if ((stdout[frame * bits + bit] ?? 0) > 127) value += 2 ** bit;
    return value;
  });
}

/** Runs in a page: the number that the `<video>` shows. */
export function readShownNumber(): number {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 9;
  const context = canvas.getContext('2d');
  if (!video || !context) return -1;
  context.drawImage(video, 0, 0, 160, 9);
  const { data } = context.getImageData(0, 4, 160, 1);
  let value = 0;
  for (let bit = 0; bit < 16; bit++) if ((data[(bit * 10 + 5) * 4] ?? 0) > 127) value += 2 ** bit;
  return value;
}
