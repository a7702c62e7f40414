import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

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
  const [video, audio] = await Promise.all(['v0', 'a0'].map((track) => runsOf(hls.replace('master', track))));
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

/** A media playlist cut at its discontinuities, each part a playlist of its own. */
async function runsOf(url: string): Promise<string[]> {
  const text = await (await fetch(url)).text();
  const head = /^#EXTM3U\n#EXT-X-VERSION.*\n#EXT-X-TARGETDURATION.*\n/.exec(text)?.[0] ?? '';
  return text
    .slice(head.length)
    .replace('#EXT-X-ENDLIST\n', '')
    .split('#EXT-X-DISCONTINUITY\n')
    .map((part) => part.replace(/^[^#\n].*$/gm, (uri) => new URL(uri, url).href))
    .map((part) => part.replace(/URI="([^"]*)"/g, (_, uri: string) => `URI="${new URL(uri, url).href}"`))
    .map((part) => `${head}${part}#EXT-X-ENDLIST\n`);
}

async function decode(files: readonly string[]): Promise<RunRead> {
  const input = (file: string) => ['-protocol_whitelist', 'file,http,tcp', '-allowed_extensions', 'ALL', '-i', file];
  const { stdout, stderr } = await run(
    'ffmpeg',
    ['-hide_banner', '-loglevel', 'error', ...files.flatMap(input)].concat([
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
