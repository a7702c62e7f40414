import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { playlistRuns, runInput } from './playlistRuns.ts';

const run = promisify(execFile);

export interface RunRead {
  readonly videoFrames: number;
  readonly audioSeconds: number;
  /** What ffmpeg complained about; empty for a sound run. */
  readonly complaints: string;
}

/**
 * Decodes every frame of an ended broadcast with ffmpeg, each run between two discontinuities on its own: ffmpeg keeps
 * the first init section of a playlist, and so cannot decode what comes after a change of parameters.
 */
export async function readRuns(hls: string): Promise<RunRead[]> {
  const [video, audio] = await Promise.all(['v0', 'a0'].map((track) => playlistRuns(hls.replace('master', track))));
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-runs-'));
  try {
    const read: RunRead[] = [];
    for (const [index, text] of (video ?? []).entries()) {
      const files = [join(folder, 'v.m3u8'), join(folder, 'a.m3u8')];
      await writeFile(files[0]!, text);
      await writeFile(files[1]!, audio?.[index] ?? '');
      read.push(await decode(files));
    }
    return read;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function decode(files: readonly string[]): Promise<RunRead> {
  const { stdout, stderr } = await run(
    'ffmpeg',
    ['-hide_banner', '-loglevel', 'error', ...files.flatMap(runInput)].concat([
      '-map',
      '0:v:0',
      '-map',
      '1:a:0',
      '-fps_mode',
      'passthrough',
      '-f',
      'framecrc',
      '-',
    ]),
    { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
  );
  const rows = stdout.split('\n');
  const sampleRate = Number(/#tb 1: 1\/(\d+)/.exec(stdout)?.[1] ?? 1);
  const audio = rows.filter((row) => row.startsWith('1,'));
  return {
    videoFrames: rows.filter((row) => row.startsWith('0,')).length,
    audioSeconds: audio.reduce((total, row) => total + Number(row.split(',')[3]), 0) / sampleRate,
    complaints: stderr.trim(),
  };
}
