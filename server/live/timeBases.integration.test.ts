import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultRtmpLimits } from '../ingest/rtmp/limits.ts';
import { RtmpSource } from '../ingest/rtmp/rtmpSource.ts';
import {
  ffmpegPath,
  passthrough,
  RecordingWriter,
  runFfmpeg,
  startTranscode,
  trackFile,
  trackTimes,
} from '../transcode/transcode.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'time-bases-'));
const lengthMs = 12_000;
const jumpAtMs = 6000;

interface Tag {
  readonly kind: 'video' | 'audio';
  readonly timeMs: number;
  readonly body: Buffer;
}

let tags: readonly Tag[];

beforeAll(() => {
  const path = join(folder, 'source.flv');
  runFfmpeg(
    ...'-f lavfi -i testsrc2=s=160x90:r=25 -f lavfi -i sine=r=44100 -c:v libx264 -preset ultrafast -g 50'.split(' '),
    ...`-pix_fmt yuv420p -c:a aac -t ${lengthMs / 1000}`.split(' '),
    path,
  );
  tags = readTags(readFileSync(path));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** FLV E.4.1: sound and pictures, with their headers. */
function readTags(flv: Buffer): Tag[] {
  const found: Tag[] = [];
  for (let offset = 13; offset < flv.length;) {
    const bytes = flv.readUIntBE(offset + 1, 3);
    const type = flv.readUInt8(offset);
    const body = flv.subarray(offset + 11, offset + 11 + bytes);
    if (type !== 18) found.push({ kind: type === 9 ? 'video' : 'audio', timeMs: flv.readUIntBE(offset + 4, 3), body });
    offset += 15 + bytes;
  }
  return found;
}

/**
 * Sends everything through a source and ffmpeg, read anew whenever the source says that it has changed, as a session does.
 * The wall clock is that of the media as they are without what the encoder does to their timestamps.
 */
async function broadcast(sentAs: (tag: Tag) => number) {
  const writer = new RecordingWriter();
  let nowMs = writer.epochMs;
  const clock = () => nowMs;
  const source = new RtmpSource({
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    limits: { ...defaultRtmpLimits, readingSeconds: 60 },
    now: clock,
    ready: () => undefined,
    refused: () => undefined,
    disconnect: () => Promise.resolve(),
  });
  const start = () => startTranscode(source, passthrough, writer, { clock }).transcode;
  let transcode: ReturnType<typeof start> | undefined;
  let changes = 0;
  let changed = false;
  source.onTracksChanged(() => (changed = true));
  for (const tag of tags) {
    nowMs = writer.epochMs + tag.timeMs;
    source.takeMedia(tag.kind, sentAs(tag), tag.body);
    if (changed) {
      changed = false;
      changes++;
      await transcode?.close();
      transcode = start();
    }
    if (!transcode && tag.timeMs > 0) transcode = start();
    await new Promise(setImmediate);
  }
  source.end();
  await writer.until(() => lastMs(writer) > lengthMs - 300);
  await transcode?.close();
  return { writer, changes };
}

/** Where the media end that there are by now. */
function lastMs(writer: RecordingWriter): number {
  const period = writer.periods.length - 1;
  const ends = writer.periods[period]?.tracks.map(({ id }) => trackTimes(writer, period, id).at(-1)?.end ?? 0) ?? [];
  return Math.min(...ends) * 1000;
}

/** How often the sound of a period is silent for a while. */
function countSilences(writer: RecordingWriter, period: number): number {
  const id = writer.periods[period]!.tracks.find(({ kind }) => kind === 'audio')!.id;
  const args = ['-i', 'pipe:0', '-af', 'silencedetect=n=-50dB:d=0.3', '-f', 'null', '-'];
  const { stderr } = spawnSync(ffmpegPath, args, { input: trackFile(writer, period, id), encoding: 'utf8' });
  return [...stderr.matchAll(/silence_start/g)].length;
}

const hasJumped = ({ timeMs }: Tag) => timeMs >= jumpAtMs;
const bothBy =
  (jump: number, kinds = ['video', 'audio']) =>
  (tag: Tag) =>
    20_000 + tag.timeMs + (hasJumped(tag) && kinds.includes(tag.kind) ? jump : 0);

describe('an encoder whose timestamps jump', () => {
  it.each([
    ['in the pictures alone, an hour ahead', bothBy(3_600_000, ['video'])],
    ['in the sound alone, an hour ahead', bothBy(3_600_000, ['audio'])],
    ['in the pictures alone, back by five seconds', bothBy(-5000, ['video'])],
    ['back by five seconds', bothBy(-5000)],
    ['ahead by nine seconds', bothBy(9000)],
    ['back by fifteen seconds', bothBy(-15_000)],
  ])('%s, goes on in a new period at its place, with its sound', async (_, sentAs) => {
    const { writer, changes } = await broadcast(sentAs);
    expect(changes).toBe(1);
    expect(writer.periods).toHaveLength(2);
    const [, second] = writer.periods;
    expect(Math.abs(second!.startMs - jumpAtMs)).toBeLessThan(100);
    expect(Math.max(...writer.segments.map(({ startMs }) => startMs))).toBeLessThan(lengthMs);
    for (const { id } of second!.tracks) {
      const times = trackTimes(writer, 1, id);
      expect(times[0]!.start).toBeCloseTo(jumpAtMs / 1000, 0);
      expect(times.at(-1)!.end).toBeGreaterThan(lengthMs / 1000 - 0.3);
      expect(times.at(-1)!.end).toBeLessThan(lengthMs / 1000 + 0.5);
      for (const { start, end } of times) expect(end - start).toBeLessThanOrEqual(0.5);
    }
    expect(countSilences(writer, 1)).toBe(0);
  });
});
