import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTranscoder } from './ffmpegTranscoder.ts';
import { FileInput, ffmpegPath, RecordingWriter, runFfmpeg, sourceAndThree } from './transcode.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'transcode-'));
const flv = join(folder, 'source.flv');
const tracks = {
  video: { codec: 'h264', width: 640, height: 360, frameRate: 30 },
  audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
} as const;
const log = pino({ level: 'silent' });

beforeAll(() => {
  runFfmpeg(
    ...'-f lavfi -i testsrc2=s=640x360:r=30 -f lavfi -i sine=f=440:r=48000 -t 9 -c:v libx264 -preset ultrafast'.split(
      ' ',
    ),
    ...'-bf 2 -g 60 -x264-params b-adapt=0 -c:a aac -ac 2'.split(' '),
    flv,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('createTranscoder', () => {
  it('makes aligned segments of source and flavors', async () => {
    const writer = new RecordingWriter();
    const failures: string[] = [];
    const transcode = createTranscoder({ ffmpegPath, now: () => writer.epochMs + 5000 }).start({
      input: new FileInput(flv, tracks),
      profile: sourceAndThree,
      writer,
      log,
      onFailure: ({ message }) => failures.push(message),
    });
    await writer.until(() => writer.completed.length >= 4);
    await transcode.close();
    for (const s of writer.segments)
      process.stdout.write(
        `${s.sequence} ${s.startMs} ${[...s.tracks].map(([id, f]) => `${id}:${f.map((x) => x.startTicks + '+' + x.durationTicks).join(' ')}`).join(' | ')}\n`,
      );
    expect(failures).toEqual([]);
  });
});
