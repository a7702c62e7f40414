import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { parse, type types } from 'hls-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeMedia } from '../packaging/encodedMedia.fixture.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import { ask } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

/** The digest of each frame that ffmpeg decodes of an MP4; throws when it complains. */
function decode(mp4: Buffer): string[] {
  const args = '-v error -xerror -i pipe:0 -map 0:v -f framemd5 pipe:1'.split(' ');
  const text = execFileSync('ffmpeg', args, { input: mp4, stdio: ['pipe', 'pipe', 'inherit'] }).toString();
  return text.split('\n').flatMap((line) => (/^\d/.test(line) ? [line.split(',').at(-1)!.trim()] : []));
}

describe('a key-frame playlist', () => {
  let timeline: MemoryTimeline;
  let server: DeliveryServer;
  const get = async (path: string, headers?: Record<string, string>) =>
    (await ask(server.url(`hls/${path}`), { headers })).body;
  const read = async (path: string) => parse((await get(path)).toString());

  beforeAll(async () => {
    const media = await encodeMedia(1000, 8, 440, 2);
    timeline = new MemoryTimeline({});
    timeline.startPeriod(media.startMs, media.tracks);
    for (const segment of media.segments) timeline.add(segment);
    server = await startDelivery([timeline]);
  });
  afterAll(() => server.close());

  it('is announced for each rendition, with the bit rate of its key frames', async () => {
    const { variants } = (await read('master.m3u8')) as types.MasterPlaylist;
    const iframes = variants.filter(({ isIFrameOnly }) => isIFrameOnly);
    expect(iframes.map(({ uri, resolution }) => [uri, resolution?.height])).toEqual([
      ['v0-iframes.m3u8', 360],
      ['v1-iframes.m3u8', 180],
    ]);
    const whole = variants.find(({ uri }) => uri === 'v0.m3u8')!;
    expect(iframes[0]!.bandwidth).toBeLessThan(whole.bandwidth);
  });

  it.each(['v0', 'v1'])('names bytes of %s that decode to the first picture of each segment', async (track) => {
    const playlist = (await read(`${track}-iframes.m3u8`)) as types.MediaPlaylist;
    expect(playlist.isIFrame).toBe(true);
    const segments = ((await read(`${track}.m3u8`)) as types.MediaPlaylist).segments;
    expect(playlist.segments.map(({ uri, duration }) => [uri, duration])).toEqual(
      segments.map(({ uri, duration }) => [uri, duration]),
    );
    const init = await get(playlist.segments[0]!.map.uri);
    for (const { uri, byterange } of playlist.segments) {
      const { offset, length } = byterange;
      const bytes = await get(uri, { Range: `bytes=${offset}-${offset + length - 1}` });
      expect(bytes.length).toBe(length);
      const whole = await get(uri);
      expect(length).toBeLessThan(whole.length);
      expect(decode(Buffer.concat([init, bytes]))[0]).toBe(decode(Buffer.concat([init, whole]))[0]);
    }
  });

  it('is played by ffmpeg without complaint', async () => {
    timeline.end();
    const args = [
      '-v',
      'error',
      '-xerror',
      '-i',
      server.url('hls/v0-iframes.m3u8'),
      '-map',
      '0:v',
      '-f',
      'framemd5',
      '-',
    ];
    const { stdout, stderr } = await promisify(execFile)('ffmpeg', args);
    expect(stderr).toBe('');
    expect(stdout.match(/^\d/gm)!.length).toBeGreaterThanOrEqual(4);
  });

  it('is not there for sound, nor for what is not there', async () => {
    expect((await ask(server.url('hls/a0-iframes.m3u8'))).status).toBe(404);
    expect((await ask(server.url('hls/master-iframes.m3u8'))).status).toBe(404);
  });
});
