import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { playlistRuns, runInput } from './playlistRuns.ts';

const run = promisify(execFile);

/** What a decoder makes of the sound of each run between two discontinuities: `<Hz>/<channels>`. */
export async function soundsInHls(hls: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tallylight-sounds-'));
  try {
    const sounds: string[] = [];
    const file = join(folder, 'run.m3u8');
    for (const text of await playlistRuns(hls.replace('master.m3u8', 'a0.m3u8'))) {
      await writeFile(file, text);
      const { stderr } = await run('ffmpeg', ['-hide_banner', ...runInput(file), '-f', 'null', '-'], {
        timeout: 30_000,
      });
      // Of what comes out, not of what the container says.
      const [, rate = '', layout = ''] = /Output #0[^]*?Audio: pcm_s16le, (\d+) Hz, (\w+)/.exec(stderr) ?? [];
      sounds.push(`${rate}/${{ mono: '1', stereo: '2' }[layout] ?? layout}`);
    }
    return sounds;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What each Period of an MPD says of its sound, in the same words. */
export async function soundsInDash(dash: string): Promise<string[]> {
  const mpd = await (await fetch(dash)).text();
  return mpd
    .split('<Period ')
    .slice(1)
    .map((period) => {
      const rate = /audioSamplingRate="(\d+)"/.exec(period)?.[1];
      const channels = /<AudioChannelConfiguration [^>]*value="(\d+)"/.exec(period)?.[1];
      return `${rate}/${channels}`;
    });
}
