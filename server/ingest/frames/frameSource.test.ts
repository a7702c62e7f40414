import { describe, expect, it } from 'vitest';
import { aacConfiguration, audioBody, avcConfiguration, videoBody } from '../rtmp/encoder.fixture.ts';
import { defaultFrameLimits } from './frameLimits.ts';
import type { ReadingStart } from '../source.ts';
import { FrameSource } from './frameSource.ts';

const frameMs = 40;
const gopFrames = 50;

/** An encoder that sends 25 frames a second with a key frame every two seconds, on a clock of its own. */
class SteadyEncoder {
  nowMs = 1_000_000;
  readonly source: FrameSource;
  #frames = 0;

  constructor() {
    this.source = new FrameSource({
      protocol: 'rtmp',
      remoteAddress: '192.0.2.1',
      limits: defaultFrameLimits,
      now: () => this.nowMs,
      ready: () => undefined,
      disconnect: () => Promise.resolve(),
    });
    this.source.describe({
      tracks: {
        video: { codec: 'h264', width: 320, height: 180 },
        audio: { codec: 'aac', sampleRate: 44_100, channels: 2 },
      },
      headers: { video: avcConfiguration, audio: aacConfiguration },
    });
    this.source.complete();
  }

  send(frames: number): void {
    for (let sent = 0; sent < frames; sent++) {
      const keyFrame = this.#frames % gopFrames === 0;
      const timestampMs = this.#frames * frameMs;
      this.source.take({ kind: 'video', timestampMs, keyFrame, body: videoBody(keyFrame, 50) }, false);
      this.source.take({ kind: 'audio', timestampMs, keyFrame: true, body: audioBody() }, false);
      this.#frames++;
      this.nowMs += frameMs;
    }
  }

  /** How many media a reading opened now begins with. */
  async beginning(start?: ReadingStart): Promise<number> {
    const reading = await this.source.open(start);
    reading.start();
    reading.finish?.();
    const flv = Buffer.concat((await reading.stdin?.toArray()) ?? []);
    await reading.close();
    return countMedia(flv);
  }
}

/** Tags that are neither metadata nor sequence headers. */
function countMedia(flv: Buffer): number {
  let media = 0;
  for (let offset = 13; offset < flv.length;) {
    const isMetadata = flv.readUInt8(offset) === 18;
    const isHeader = flv.readUInt8(offset + 12) === 0;
    if (!isMetadata && !isHeader) media++;
    offset += 15 + flv.readUIntBE(offset + 1, 3);
  }
  return media;
}

describe('a reading of a source', () => {
  it('begins with everything since the last key frame while the source is new', async () => {
    const encoder = new SteadyEncoder();
    encoder.send(45);
    expect(await encoder.beginning()).toBe(90);
  });

  it('repeats no more than half a group of pictures later on, and else waits for the next key frame', async () => {
    const encoder = new SteadyEncoder();
    encoder.send(gopFrames * 3 + 20);
    expect(await encoder.beginning()).toBe(40);
    encoder.send(10);
    expect(await encoder.beginning()).toBe(0);
  });

  it('repeats no more than it is allowed to', async () => {
    const encoder = new SteadyEncoder();
    encoder.send(gopFrames * 3 + 20);
    expect(await encoder.beginning({ maxAgeMs: 500 })).toBe(0);
    expect(await encoder.beginning({ maxAgeMs: 500, missedMs: 2500 })).toBe(0);
  });

  it('begins with the last key frame, however old, where nothing has been read since', async () => {
    const encoder = new SteadyEncoder();
    encoder.send(gopFrames * 3 + 45);
    expect(await encoder.beginning({ maxAgeMs: 4000, missedMs: 2500 })).toBe(90);
    expect(await encoder.beginning({ maxAgeMs: 4000, missedMs: 1500 })).toBe(0);
  });

  it('tells how old that is before it begins', async () => {
    const encoder = new SteadyEncoder();
    encoder.send(gopFrames * 3 + 45);
    const ageMs = 44 * frameMs;
    expect((await encoder.source.open({ missedMs: 2500 })).ageMs).toBe(ageMs);
    expect((await encoder.source.open()).ageMs).toBe(0);
  });

  it('is not of the future where sound is of another time than the picture', async () => {
    const encoder = new SteadyEncoder();
    const { source } = encoder;
    encoder.send(gopFrames * 3);
    source.take({ kind: 'video', timestampMs: 3_608_000, keyFrame: true, body: videoBody(true) }, true);
    source.take({ kind: 'audio', timestampMs: 8000, keyFrame: true, body: audioBody() }, false);
    expect((await source.open()).ageMs).toBe(0);
  });
});

describe('the key frame interval of a source', () => {
  it('is not taken over a jump, whichever kind jumps first', () => {
    const encoder = new SteadyEncoder();
    const { source } = encoder;
    encoder.send(gopFrames * 3);
    for (const [first, second] of [['audio', 'video'], ['video', 'audio']] as const /* prettier-ignore */) {
      source.take({ kind: first, timestampMs: 3_608_000, keyFrame: true, body: audioBody() }, true);
      source.take({ kind: second, timestampMs: 3_608_000, keyFrame: true, body: audioBody() }, false);
      expect(source.stats().keyFrameIntervalMs).toBe(gopFrames * frameMs);
    }
  });
});
