import { describe, expect, it } from 'vitest';
import { fuA, idrSlice, pps, rtpPacket, slice, sps, stapA } from '../../media/rtp/rtpPackets.fixture.ts';
import { type Announcement, parseAnnouncement } from './announcement.ts';
import { aacPayload, description } from './rtspBytes.fixture.ts';
import { defaultRtspLimits } from './limits.ts';
import { RtspSource } from './rtspSource.ts';

const wallClockMs = 1_700_000_000_000;

/** An encoder whose clock is the test's. */
class Scene {
  readonly announcement = parseAnnouncement(description) as Announcement;
  readonly source: RtspSource;
  nowMs = 10_000;
  ready = 0;
  changes = 0;
  #videoSequence = 0;
  #audioSequence = 0;

  constructor(announcement?: Announcement) {
    this.source = new RtspSource({
      protocol: 'rtsp',
      remoteAddress: '192.0.2.1',
      announcement: announcement ?? this.announcement,
      limits: defaultRtspLimits,
      now: () => this.nowMs,
      monotonicNow: () => this.nowMs,
      ready: () => (this.ready += 1),
      disconnect: async () => undefined,
    });
    this.source.onTracksChanged(() => (this.changes += 1));
  }

  picture(timestamp: number, ...payloads: Buffer[]): void {
    for (const [index, payload] of payloads.entries()) {
      const sequence = (this.#videoSequence += 1) & 0xffff;
      const marker = index === payloads.length - 1;
      this.source.receive('video', rtpPacket({ sequence, timestamp: timestamp >>> 0, payload, marker }));
    }
  }

  keyFrame(timestamp: number): void {
    this.picture(timestamp, stapA(sps, pps), idrSlice);
  }

  sound(timestamp: number): void {
    const sequence = (this.#audioSequence += 1) & 0xffff;
    this.source.receive(
      'audio',
      rtpPacket({ payloadType: 97, sequence, timestamp: timestamp >>> 0, payload: aacPayload(20), marker: true }),
    );
  }

  /** Type, decoding and showing time of each tag that a reading has by now. */
  async read(): Promise<string[]> {
    const reading = await this.source.open();
    reading.start();
    const tags: string[] = [];
    const flv = Buffer.concat([...(function* () { for (let piece = reading.stdin?.read(); piece; piece = reading.stdin?.read()) yield piece as Buffer; })()]); // prettier-ignore
    for (let offset = 13; offset < flv.length;) {
      const bytes = flv.readUIntBE(offset + 1, 3);
      const type = flv.readUInt8(offset);
      const timestamp = (flv.readUIntBE(offset + 4, 3) | (flv.readUInt8(offset + 7) << 24)) >>> 0;
      const isFrame = type !== 18 && flv[offset + 12] === 1;
      if (isFrame) tags.push(type === 9 ? `v${timestamp}+${flv.readIntBE(offset + 13, 3)}` : `a${timestamp}`);
      offset += 15 + bytes;
    }
    await reading.close();
    return tags;
  }
}

describe('RtspSource', () => {
  it('waits for reports of both tracks, then gives all that came', async () => {
    const scene = new Scene();
    // Just below the wraps, the sound an hour of its clock elsewhere.
    const [video, audio] = [2 ** 32 - 1800, 2 ** 32 - 500];
    scene.keyFrame(video);
    scene.picture(video + 3600, slice);
    scene.nowMs += 200;
    scene.sound(audio);
    scene.sound(audio + 1024);
    expect(scene.ready).toBe(0);
    scene.source.receiveReport('video', { ssrc: 1, rtpTimestamp: video >>> 0, wallClockMs, ntpMiddle: 0 });
    scene.source.receiveReport('audio', { ssrc: 2, rtpTimestamp: audio >>> 0, wallClockMs, ntpMiddle: 0 });
    scene.picture(video + 7200, slice);
    expect(scene.ready).toBe(1);
    expect(scene.source.tracks).toEqual({
      video: { codec: 'h264', width: 640, height: 360, frameRate: 30 },
      audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
    });
    expect(await scene.read()).toEqual(['v0+0', 'v40+0', 'a0', 'a23', 'v80+0']);
    expect(scene.changes).toBe(0);
  });

  it('does not wait longer than 3 s, nor for a track that was not announced', () => {
    const scene = new Scene();
    for (let picture = 0; picture < 75; picture += 1) {
      scene.keyFrame(picture * 3600);
      scene.nowMs += 40;
    }
    expect(scene.ready).toBe(0);
    scene.keyFrame(75 * 3600);
    expect(scene.ready).toBe(1);
    expect(scene.source.tracks.audio).toBeUndefined();
    scene.sound(0);
    expect(scene.source.tracks.audio).toBeDefined();
    expect(scene.changes).toBe(1);

    const { video } = scene.announcement;
    const alone = new Scene(video && { video });
    alone.keyFrame(0);
    expect(alone.ready).toBe(1);
  });

  it('tells when the parameter sets change, not when they are repeated', () => {
    const { video } = new Scene().announcement;
    const scene = new Scene(video && { video });
    scene.keyFrame(0);
    scene.keyFrame(3600);
    expect(scene.changes).toBe(0);
    // As announced, and not as sent until now.
    scene.picture(7200, ...(video?.parameterSets ?? []), ...fuA(Buffer.concat([idrSlice, Buffer.alloc(20)]), 2));
    expect(scene.changes).toBe(1);
    expect(scene.source.tracks.video).toMatchObject({ width: 320, height: 180 });
  });

  it('leaves malformed pictures out until the next key frame, and counts them', async () => {
    const { video } = new Scene().announcement;
    const scene = new Scene(video && { video });
    scene.keyFrame(0);
    scene.picture(3600, Buffer.of(0x7c, 0x41, 1, 2)); // the end of something that did not begin
    scene.picture(7200, slice);
    scene.keyFrame(10_800);
    expect(scene.source.stats()).toMatchObject({ videoFrames: 2, droppedFrames: 2 });
    expect(await scene.read()).toEqual(['v0+0', 'v120+0']);
  });

  it('has its readings begin anew when the encoder’s time does', () => {
    const { video } = new Scene().announcement;
    const scene = new Scene(video && { video });
    scene.keyFrame(0);
    scene.nowMs += 40;
    scene.keyFrame(90_000 * 3600);
    expect(scene.changes).toBe(1);
  });
});
