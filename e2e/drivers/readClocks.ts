import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { clockColumns, clockRows } from './clockPicture.ts';

const run = promisify(execFile);

/** What the burnt-in clock says in each frame of a stream that has ended: the low 32 bits of Unix milliseconds. */
export async function readClocks(url: string): Promise<number[]> {
  const pixels = clockColumns * clockRows;
  const { stdout } = await run(
    'ffmpeg',
    ['-loglevel', 'error', '-i', url, '-map', '0:v:0', '-fps_mode', 'passthrough'].concat([
      '-vf',
      `scale=${clockColumns}:${clockRows}:flags=area,format=gray`,
      '-f',
      'rawvideo',
      '-',
    ]),
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024, timeout: 60_000 },
  );
  const clocks: number[] = [];
  for (let at = 0; at + pixels <= stdout.length; at += pixels) {
    let value = 0;
    for (let bit = 0; bit < pixels; bit++) value = value * 2 + ((stdout[at + bit] ?? 0) > 127 ? 1 : 0);
    clocks.push(value);
  }
  return clocks;
}

/** Places where the clock does not go on by about one frame: missing time is positive, repeated time negative. */
export function clockGaps(clocks: readonly number[], frameMs: number): number[] {
  return clocks
    .slice(1)
    .map((value, index) => value - (clocks[index] ?? 0) - frameMs)
    .filter((gapMs) => Math.abs(gapMs) > frameMs * 2.5);
}
