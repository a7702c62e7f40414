import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ReadBack {
  readonly videoFrames: number;
  readonly audioSeconds: number;
  readonly width: number;
  readonly height: number;
  /** What ffmpeg complained about; empty for a sound stream. */
  readonly complaints: string;
}

/** Plays a manifest with ffmpeg, a player that is not ours, for some seconds, decoding every frame. */
export async function readBack(url: string, seconds: number, { audio: hasAudio = true } = {}): Promise<ReadBack> {
  const sound = hasAudio ? ['-map', '0:a:0'] : [];
  const { stdout, stderr } = await run(
    'ffmpeg',
    [
      '-hide_banner',
      '-loglevel',
      'error',
      '-t',
      String(seconds),
      '-i',
      url,
      '-map',
      '0:v:0',
      ...sound,
      '-f',
      'framecrc',
      '-',
    ],
    { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
  );
  const rows = stdout.split('\n').filter((line) => /^\d/.test(line));
  const audio = rows.filter((row) => row.startsWith('1,'));
  const sampleRate = Number(/#tb 1: 1\/(\d+)/.exec(stdout)?.[1] ?? 1);
  const [, width = '0', height = '0'] = /#dimensions 0: (\d+)x(\d+)/.exec(stdout) ?? [];
  return {
    videoFrames: rows.filter((row) => row.startsWith('0,')).length,
    audioSeconds: audio.reduce((total, row) => total + Number(row.split(',')[3]), 0) / sampleRate,
    width: Number(width),
    height: Number(height),
    complaints: stderr.trim(),
  };
}
