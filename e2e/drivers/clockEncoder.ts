import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { drawClockFrame } from './clockPicture.ts';

const width = 640;
const height = 360;
const frameRate = 25;

/** An encoder whose picture shows the wall clock of the moment each frame is of. */
export class ClockEncoder {
  readonly #process: ChildProcess;
  readonly #timer: NodeJS.Timeout;

  constructor(url: string) {
    const input = [
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      '-s',
      `${width}x${height}`,
      '-r',
      String(frameRate),
      '-i',
      'pipe:0',
    ];
    const sound = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
    const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'];
    const rest = ['-g', String(frameRate * 2), '-c:a', 'aac', '-b:a', '96k', '-f', 'flv', url];
    this.#process = spawn('ffmpeg', ['-loglevel', 'error', ...input, ...sound, ...video, ...rest], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const { stdin } = this.#process;
    stdin?.on('error', () => undefined);
    const startedAtMs = Date.now();
    let frames = 0;
    this.#timer = setInterval(() => {
      while (frames < ((Date.now() - startedAtMs) * frameRate) / 1000) {
        const frame = Buffer.alloc(width * height);
        // When it is due: on a busy machine several are made at once, and they are not the same moment's.
        drawClockFrame(frame, width, height, Math.round(startedAtMs + (frames * 1000) / frameRate));
        stdin?.write(frame);
        frames++;
      }
    }, 5);
  }

  /** Hangs with its connection open: no media, no goodbye. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
