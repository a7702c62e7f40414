import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FileInput,
  isRunning,
  passthrough,
  RecordingWriter,
  runFfmpeg,
  sourceAndThree,
  startTranscode,
  trackTimes,
} from './transcode.fixture.ts';
import type { TranscodeInput } from './transcoder.ts';

const folder = mkdtempSync(join(tmpdir(), 'transcode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flv = join(folder, '720p30.flv');
const tracks = {
  video: { codec: 'h264', width: 1280, height: 720, frameRate: 30 },
  audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
} as const;

beforeAll(() => {
  runFfmpeg(
    ...'-f lavfi -i testsrc2=s=1280x720:r=30 -f lavfi -i sine=r=48000 -t 20 -c:v libx264 -preset ultrafast'.split(' '),
    ...'-b:v 2500k -g 60 -pix_fmt yuv420p -c:a aac -ac 2'.split(' '),
    flv,
  );
});

/** Runs without end, and nothing of it goes through standard input: as RTP would. */
function endlessInput(): TranscodeInput & { keyFrameRequests: number } {
  const pattern = ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30'];
  return {
    keyFrameRequests: 0,
    tracks: { video: { codec: 'vp8', width: 320, height: 180 } },
    open: () => Promise.resolve({ inputArgs: pattern, start: () => undefined, close: () => Promise.resolve() }),
    requestKeyFrame() {
      this.keyFrameRequests++;
    },
  };
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await delay(20);
}

describe('a transcode', () => {
  it('keeps up with source and three of 720p30', async () => {
    const writer = new RecordingWriter();
    const input = new FileInput(flv, tracks, { realTime: true });
    const startedMs = performance.now();
    const { transcode, failures, pids } = startTranscode(input, sourceAndThree, writer);
    await writer.until(() => writer.completed.length > 0);
    // 2 s of media, ffmpeg's start, and the frames that tell where the segment ends.
    expect(performance.now() - startedMs).toBeLessThan(5000);
    await writer.until(() => writer.completed.length > 3);
    expect(performance.now() - startedMs).toBeLessThan(11_000);
    for (const id of ['v1', 'v2', 'v3', 'a0']) {
      expect(trackTimes(writer, 0, id).at(-1)!.end).toBeGreaterThan(trackTimes(writer, 0, 'v0').at(-1)!.end - 1);
    }
    await transcode.close();
    expect(failures).toEqual([]);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(input.keyFrameRequests).toBeGreaterThanOrEqual(4);
    expect(writer.segments.every(({ complete }) => complete)).toBe(true);
  });

  it('reports an ffmpeg that died, and goes on within 2 s in a new period behind all that is stored', async () => {
    const writer = new RecordingWriter();
    const input = new FileInput(flv, tracks, { realTime: true });
    const { transcode, failures, pids } = startTranscode(input, passthrough, writer, { clock: Date.now });
    // The clock of this timeline is the real one.
    Object.defineProperty(writer, 'epochMs', { value: Date.now() });
    await writer.until(() => writer.segments.length > 1);
    process.kill(pids[0]!, 'SIGKILL');
    const killedMs = performance.now();
    await writer.until(() => writer.periods.length > 1);
    expect(performance.now() - killedMs).toBeLessThan(2000);
    expect(failures.map(({ message }) => message)).toEqual(['ffmpeg was ended by SIGKILL']);
    expect(failures[0]!.at - killedMs).toBeLessThan(500);
    const endedAt = Math.max(...['v0', 'a0'].map((id) => trackTimes(writer, 0, id).at(-1)!.end));
    expect(writer.periods[1]!.startMs).toBeGreaterThanOrEqual(endedAt * 1000);
    await writer.until(() => writer.segments.some(({ period }) => period === 1));
    expect(writer.segments.filter(({ period }) => period === 0).every(({ complete }) => complete)).toBe(true);
    await transcode.close();
    expect(pids).toHaveLength(2);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('stops an ffmpeg whose input has no end, and asks for key frames while it runs', async () => {
    const writer = new RecordingWriter();
    const input = endlessInput();
    const { transcode, failures, pids } = startTranscode(input, passthrough, writer);
    await writer.until(() => writer.completed.length > 0);
    const closingMs = performance.now();
    await Promise.all([transcode.close(), transcode.close()]);
    expect(performance.now() - closingMs).toBeLessThan(1500);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(failures).toEqual([]);
    expect(input.keyFrameRequests).toBeGreaterThanOrEqual(2);
    expect(writer.segments.every(({ complete }) => complete)).toBe(true);
    const requests = input.keyFrameRequests;
    await transcode.close();
    expect(input.keyFrameRequests).toBe(requests);
  });

  it('can be closed at any moment', async () => {
    for (const afterMs of [0, 5, 50, 200, 400]) {
      const writer = new RecordingWriter();
      const { transcode, failures, pids } = startTranscode(endlessInput(), passthrough, writer);
      await delay(afterMs);
      await transcode.close();
      expect(pids.filter(isRunning)).toEqual([]);
      expect(failures).toEqual([]);
    }
  });

  it('kills an ffmpeg that does not want to stop', async () => {
    const script = join(folder, 'stubborn');
    writeFileSync(script, '#!/bin/sh\ntrap "" INT TERM\nwhile :; do sleep 0.1; done\n', { mode: 0o755 });
    const { transcode, pids } = startTranscode(endlessInput(), passthrough, new RecordingWriter(), { path: script });
    await delay(200);
    const closingMs = performance.now();
    await transcode.close();
    expect(performance.now() - closingMs).toBeLessThan(4000);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('tries again ever more slowly while it fails, and says why', async () => {
    const broken = join(folder, 'broken.flv');
    writeFileSync(broken, Buffer.alloc(100_000, 'not a video '));
    const input = new FileInput(broken, tracks);
    const { transcode, failures, pids } = startTranscode(input, passthrough, new RecordingWriter());
    while (failures.length < 4) await delay(20);
    await transcode.close();
    expect(failures[0]!.message).toMatch(/ffmpeg ended with code \d+/);
    expect(failures[0]!.lines.join('\n')).toContain('pipe:0');
    const pausesMs = failures.slice(1).map(({ at }, index) => at - failures[index]!.at);
    expect(pausesMs[0]).toBeGreaterThanOrEqual(195);
    expect(pausesMs[2]).toBeGreaterThanOrEqual(795);
    expect(pausesMs[2]).toBeLessThan(2000);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it.each([
    ['there is no ffmpeg', '/nonexistent/ffmpeg', endlessInput(), /ffmpeg did not start: .*ENOENT/],
    [
      'the source cannot be opened',
      'ffmpeg',
      { ...endlessInput(), open: () => Promise.reject(new Error('gone')) },
      /The source cannot be read: gone/,
    ],
    ['ffmpeg writes no MP4', '/bin/echo', endlessInput(), /ffmpeg ended with code 0/],
  ])('reports it when %s', async (_, path, input, message) => {
    const { transcode, failures } = startTranscode(input, passthrough, new RecordingWriter(), { path });
    while (failures.length === 0) await delay(20);
    await transcode.close();
    expect(failures[0]!.message).toMatch(message);
  });

  it('starts again when no period can be stored', async () => {
    const writer = new RecordingWriter();
    writer.startPeriod = () => Promise.reject(new Error('The disk is full.'));
    const { transcode, failures, pids } = startTranscode(endlessInput(), passthrough, writer);
    while (failures.length < 2) await delay(20);
    await transcode.close();
    expect(failures[0]!.message).toBe('The disk is full.');
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('leaves no ffmpeg behind when the server is killed', async () => {
    const script = join(folder, 'server.ts');
    const fixture = join(import.meta.dirname, 'transcode.fixture.ts');
    writeFileSync(
      script,
      `import { FileInput, passthrough, RecordingWriter, startTranscode } from ${JSON.stringify(fixture)};
       const endless = { tracks: { video: { codec: 'vp8', width: 320, height: 180 } }, requestKeyFrame() {},
         open: async () => ({ inputArgs: ['-re', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=30'], start() {}, async close() {} }) };
       const piped = new FileInput(${JSON.stringify(flv)}, ${JSON.stringify(tracks)}, { realTime: true });
       for (const input of [endless, piped]) {
         const writer = new RecordingWriter();
         const { pids } = startTranscode(input, passthrough, writer);
         await writer.until(() => writer.segments.length > 0);
         console.log(pids[0]);
       }
       console.log('ready');`,
    );
    const server = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const text of server.stdout.setEncoding('utf8')) {
      said += text;
      if (said.includes('ready')) break;
    }
    const pids = [...said.matchAll(/\d+/g)].map(([pid]) => Number(pid));
    expect(pids.filter(isRunning)).toHaveLength(2);
    server.kill('SIGKILL');
    await once(server, 'exit');
    await Promise.all(pids.map(untilGone));
  });
});
