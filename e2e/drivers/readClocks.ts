import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clockColumns, clockRows } from './clockPicture.ts';
import { playlistRuns, runInput } from './playlistRuns.ts';

const run = promisify(execFile);

/**
 * What the burnt-in clock says in each frame of a stream that has ended, run by run between its discontinuities: the
 * low 32 bits of Unix milliseconds.
 */
export async function readClocks(hls: string): Promise<number[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-clocks-'));
  try {
    const clocks: number[][] = [];
    const file = join(folder, 'run.m3u8');
    for (const text of await playlistRuns(hls.replace('master.m3u8', 'v0.m3u8'))) {
      await writeFile(file, text);
      clocks.push(await decode(file));
    }
    return clocks;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function decode(file: string): Promise<number[]> {
  const pixels = clockColumns * clockRows;
  const filter = `scale=${clockColumns}:${clockRows}:flags=area,format=gray`;
  const output = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', filter, '-f', 'rawvideo', '-'];
  const { stdout } = await run('ffmpeg', ['-loglevel', 'error', ...runInput(file), ...output], {
    encoding: 'buffer',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
  });
  return Array.from({ length: Math.floor(stdout.length / pixels) }, (_, frame) => {
    let value = 0;
    for (let bit = 0; bit < pixels; bit++) value = value * 2 + ((stdout[frame * pixels + bit] ?? 0) > 127 ? 1 : 0);
    return value;
  });
}
