import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import type { Transcode } from '../transcode/transcoder.ts';

export const lengthMs = 12_000;

export interface Tag {
  readonly kind: 'video' | 'audio';
  readonly timeMs: number;
  readonly body: Buffer;
}

/** A key frame every two seconds, and a tone. */
function makeTags(): Tag[] {
  const folder = mkdtempSync(join(tmpdir(), 'broadcast-'));
  const path = join(folder, 'source.flv');
  try {
    runFfmpeg(
      ...'-f lavfi -i testsrc2=s=160x90:r=25 -f lavfi -i sine=r=44100 -c:v libx264 -preset ultrafast -g 50'.split(' '),
      ...`-pix_fmt yuv420p -c:a aac -t ${lengthMs / 1000}`.split(' '),
      path,
    );
    return readTags(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

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

let made: readonly Tag[] | undefined;

/**
 * Sends everything through a source and ffmpeg, read anew whenever the source says that it has changed, as a session does.
 * The wall clock is that of the media as they are, whatever timestamps the encoder gives them; undefined are not sent.
 */
export async function broadcast(timestampOf: (tag: Tag) => number | undefined) {
  const writer = new RecordingWriter();
  let nowMs = writer.epochMs;
  const clock = () => nowMs;
  /** Ready, or changed. */
  let isNew = false;
  const source = new RtmpSource({
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    // Timers go by real time, in which all of it takes a moment.
    limits: { ...defaultRtmpLimits, readingSeconds: 60, otherTrackSeconds: 0 },
    now: clock,
    ready: () => (isNew = true),
    refused: () => undefined,
    disconnect: () => Promise.resolve(),
  });
  source.onTracksChanged(() => (isNew = true));
  let transcode: Transcode | undefined;
  for (const tag of (made ??= makeTags())) {
    nowMs = writer.epochMs + tag.timeMs;
    const timestamp = timestampOf(tag);
    if (timestamp !== undefined) source.takeMedia(tag.kind, timestamp, tag.body);
    if (isNew) {
      isNew = false;
      await transcode?.close();
      ({ transcode } = startTranscode(source, passthrough, writer, { clock }));
    }
    await new Promise(setImmediate);
  }
  source.end();
  await writer.until(() => lastMs(writer) > lengthMs - 300);
  await transcode?.close();
  return writer;
}

/** Where the media end that there are by now. */
function lastMs(writer: RecordingWriter): number {
  const index = writer.periods.length - 1;
  const ends = writer.periods[index]?.tracks.map(({ id }) => trackTimes(writer, index, id).at(-1)?.end ?? 0);
  return Math.min(...(ends ?? [0])) * 1000;
}

/** How often the sound of a period is silent for a while. */
export function countSilences(writer: RecordingWriter, period: number): number {
  const id = writer.periods[period]!.tracks.find(({ kind }) => kind === 'audio')!.id;
  const args = ['-i', 'pipe:0', '-af', 'silencedetect=n=-50dB:d=0.3', '-f', 'null', '-'];
  const { stderr } = spawnSync(ffmpegPath, args, { input: trackFile(writer, period, id), encoding: 'utf8' });
  return [...stderr.matchAll(/silence_start/g)].length;
}
