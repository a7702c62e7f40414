import { execFileSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ffmpegPath, passthrough, RecordingWriter, startTranscode, trackTimes } from './transcode.fixture.ts';
import type { TranscodeInput } from './transcoder.ts';

const seconds = 20;

function makeFlv(): Buffer {
  const picture = `testsrc2=s=640x360:r=25:d=${seconds}`;
  const sound = `sine=sample_rate=48000:d=${seconds}`;
  const coding = '-c:v libx264 -preset ultrafast -tune zerolatency -g 50 -b:v 3M -c:a aac -f flv pipe:1'.split(' ');
  return execFileSync(
    ffmpegPath,
    ['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, ...coding],
    {
      maxBuffer: 64 * 1024 * 1024,
    },
  );
}

/** Everything at once, as from an encoder that empties its buffers when it stops. */
function burst(flv: Buffer): TranscodeInput & { readonly started: Promise<void> } {
  const started = Promise.withResolvers<void>();
  return {
    started: started.promise,
    tracks: {
      video: { codec: 'h264', width: 640, height: 360, frameRate: 25 },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 1 },
    },
    requestKeyFrame: () => undefined,
    open: () => {
      const stdin = new PassThrough({ highWaterMark: 2 * flv.length });
      return Promise.resolve({
        inputArgs: ['-probesize', '32768', '-analyzeduration', '0', '-f', 'flv', '-i', 'pipe:0'],
        stdin,
        start: () => {
          for (let at = 0; at < flv.length; at += 4096) stdin.write(flv.subarray(at, at + 4096));
          started.resolve();
        },
        finish: () => stdin.end(),
        close: () => {
          stdin.destroy();
          return Promise.resolve();
        },
      });
    },
  };
}

describe('a transcode that is closed', () => {
  it('stores what the encoder had sent by then, to the last frame', async () => {
    const input = burst(makeFlv());
    const writer = new RecordingWriter();
    const { transcode, failures } = startTranscode(input, passthrough, writer);
    await input.started;
    await transcode.close();
    expect(failures).toEqual([]);
    const picture = trackTimes(writer, 0, 'v0');
    expect(picture.at(-1)!.end - picture[0]!.start).toBeCloseTo(seconds, 2);
  });
});
