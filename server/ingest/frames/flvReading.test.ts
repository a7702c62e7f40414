import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FlvReading } from './flvReading.ts';
import { defaultFrameLimits } from './frameLimits.ts';
import type { MediaTag } from './mediaTag.ts';
import { aacConfiguration, audioBody, avcConfiguration, videoBody } from '../rtmp/encoder.fixture.ts';

const video = (timestampMs: number, keyFrame = false, bytes = 100): MediaTag => ({
  kind: 'video',
  timestampMs,
  keyFrame,
  body: videoBody(keyFrame, bytes),
});
const audio = (timestampMs: number): MediaTag => ({ kind: 'audio', timestampMs, keyFrame: true, body: audioBody() });

const bothTracks = {
  video: { codec: 'h264', width: 320, height: 180, frameRate: 25 },
  audio: { codec: 'aac', sampleRate: 44_100, channels: 2 },
} as const;

function open(
  begin: MediaTag[],
  more: { audioOnly?: boolean; now?: () => number; readingBytes?: number; zeroMs?: number } = {},
) {
  return new FlvReading({
    tracks: more.audioOnly ? { audio: bothTracks.audio } : bothTracks,
    headers: { video: more.audioOnly ? undefined : avcConfiguration, audio: aacConfiguration },
    limits: { ...defaultFrameLimits, readingBytes: more.readingBytes ?? defaultFrameLimits.readingBytes },
    now: more.now ?? (() => 0),
    age: () => 0,
    begin: () => begin,
    zero: (timestampMs) => more.zeroMs ?? timestampMs,
    closed: () => undefined,
  });
}

/** The tags of a whole FLV file as `<type><timestamp>`, the sequence headers and metadata apart. */
function readFlv(flv: Buffer): { headers: number[]; media: string[] } {
  const headers: number[] = [];
  const media: string[] = [];
  for (let offset = 13; offset < flv.length;) {
    const bytes = flv.readUIntBE(offset + 1, 3);
    const timestamp = (flv.readUIntBE(offset + 4, 3) | (flv.readUInt8(offset + 7) << 24)) >>> 0;
    const type = flv.readUInt8(offset);
    const isMedia = type !== 18 && flv[offset + 12] === 1;
    if (isMedia) media.push(`${type === 9 ? 'v' : 'a'}${timestamp}`);
    else headers.push(type);
    expect(flv.readUInt32BE(offset + 11 + bytes)).toBe(11 + bytes);
    offset += 11 + bytes + 4;
  }
  return { headers, media };
}

async function drain(reading: FlvReading): Promise<ReturnType<typeof readFlv>> {
  const pieces: Buffer[] = [];
  for await (const piece of reading.stdin) pieces.push(piece as Buffer);
  return readFlv(Buffer.concat(pieces));
}

describe('FlvReading', () => {
  it('begins with headers and the key frame at 0, without what lies before it', async () => {
    const reading = open([video(1000, true), audio(990), audio(1010), video(1040)]);
    reading.start();
    reading.offer(audio(995));
    reading.offer(video(1080));
    reading.finish();
    expect(await drain(reading)).toEqual({ headers: [18, 9, 8], media: ['v0', 'a10', 'v40', 'v80'] });
  });

  it('waits for a key frame when there is none to begin with', async () => {
    const reading = open([]);
    reading.start();
    for (const tag of [video(0), audio(5), video(40, true), audio(45)]) reading.offer(tag);
    reading.finish();
    expect((await drain(reading)).media).toEqual(['v0', 'a5']);
  });

  it('begins with the first sound where there are no pictures', async () => {
    const reading = open([audio(500)], { audioOnly: true });
    reading.start();
    reading.offer(audio(523));
    reading.finish();
    expect(await drain(reading)).toEqual({ headers: [18, 8], media: ['a0', 'a23'] });
  });

  it('gives nothing before it is started', async () => {
    const reading = open([video(0, true)]);
    reading.offer(video(40));
    reading.finish();
    expect(await drain(reading)).toEqual({ headers: [], media: [] });
  });

  it('writes times of 2^32 ms and more modulo 2^32', async () => {
    const reading = open([video(0, true)]);
    reading.start();
    for (const time of [2 ** 24, 2 ** 31, 2 ** 32 - 40, 2 ** 32]) reading.offer(video(time));
    reading.finish();
    expect((await drain(reading)).media).toEqual(['v0', 'v16777216', 'v2147483648', 'v4294967256', 'v0']);
  });

  it('gives captions the times of its media, and none from before', () => {
    const reading = open([video(1000, true)]);
    const heard: unknown[] = [];
    reading.onCaption((caption) => heard.push(caption));
    const hello = { type: 'text', language: 'en', text: 'Hello' } as const;
    reading.offerCaption(900, hello);
    reading.start();
    reading.offerCaption(990, hello);
    reading.offerCaption(1500, hello);
    void reading.close();
    reading.offerCaption(1600, hello);
    expect(heard).toEqual([{ ...hello, atMs: 500 }]);
  });

  it('leaves out sound of another time base', async () => {
    const reading = open([video(100_000, true)]);
    reading.start();
    for (const tag of [audio(500_000), video(100_040), audio(100_030)]) reading.offer(tag);
    reading.finish();
    expect((await drain(reading)).media).toEqual(['v0', 'v40', 'a30']);
  });

  it('drops whole groups of pictures while the reader is too slow, and counts them', async () => {
    let nowMs = 0;
    const reading = open([video(0, true)], { now: () => nowMs, readingBytes: 300_000 });
    reading.start();
    // Groups of 10 pictures of 20 kB: the limit falls into the second.
    for (let index = 1; index < 60; index += 1) reading.offer(video(index * 40, index % 10 === 0, 20_000));
    const dropped = reading.droppedFrames;
    expect(dropped).toBeGreaterThan(30);
    const beforeGap = 60 - dropped;
    expect(beforeGap).toBeLessThan(22);
    nowMs = 1000;
    const media = drain(reading);
    await new Promise(setImmediate); // the reader has caught up
    for (let index = 60; index < 70; index += 1) reading.offer(video(index * 40, index % 10 === 0, 20_000));
    reading.finish();
    const times = (await media).media.map((tag) => Number(tag.slice(1)) / 40);
    const expected = [...Array(70).keys()].filter((index) => index < beforeGap || index >= 60);
    expect(times).toEqual(expected);
    expect(reading.droppedFrames).toBe(dropped);
  });

  it('keeps a bounded number for a reader that does not read, however small they are', async () => {
    const reading = open([video(0, true)]);
    reading.start();
    const tiny: MediaTag = { kind: 'video', timestampMs: 0, keyFrame: false, body: videoBody(false, 6) };
    for (let index = 0; index < 1_000_000; index += 1) reading.offer(tiny);
    expect(reading.droppedFrames).toBeGreaterThan(970_000);
    reading.finish();
    // And what the stream took before it was full.
    const streamTags = 65_536 / (tiny.body.length + 15);
    expect((await drain(reading)).media.length).toBeLessThanOrEqual(16_384 + streamTags + 3);
  });

  it('drops what would wait for more than 10 s, sound included, until the next key frame', async () => {
    let nowMs = 0;
    const reading = open([], { now: () => nowMs });
    reading.start();
    const big = 70_000; // the stream's own buffer is full after it
    reading.offer(video(0, true, big));
    reading.offer(video(40, false, big));
    nowMs = 10_001;
    for (const tag of [video(10_040), audio(10_050), video(10_080)]) reading.offer(tag);
    expect(reading.droppedFrames).toBe(2);
    const media = drain(reading);
    await new Promise(setImmediate);
    for (const tag of [audio(10_100), video(10_120), video(10_160, true), audio(10_170)]) reading.offer(tag);
    reading.finish();
    expect((await media).media).toEqual(['v0', 'v40', 'v10160', 'a10170']);
    expect(reading.droppedFrames).toBe(3);
  });

  it('may be closed at any time, more than once', async () => {
    const reading = open([video(0, true)]);
    reading.start();
    await Promise.all([reading.close(), reading.close()]);
    reading.offer(video(40));
    reading.finish();
    if (!reading.stdin.closed) await once(reading.stdin, 'close');
    expect(reading.stdin.destroyed).toBe(true);
  });

  it('waits for a key frame that is not before the moment its times count from', async () => {
    const reading = open([video(1000, true), video(1040)], { zeroMs: 3000 });
    reading.start();
    for (const tag of [audio(2990), video(3000, true), audio(3010), video(3040)]) reading.offer(tag);
    reading.finish();
    expect((await drain(reading)).media).toEqual(['v0', 'a10', 'v40']);
  });
});
