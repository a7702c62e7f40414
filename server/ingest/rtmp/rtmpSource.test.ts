import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Refusal } from '../../errors.ts';
import { defaultRtmpLimits } from './limits.ts';
import { RtmpSource } from './rtmpSource.ts';
import { audioBody, audioHeaderBody, videoBody, videoHeaderBody } from './encoder.fixture.ts';

function open() {
  const seen = { ready: 0, refusals: [] as Refusal[], reasons: [] as string[] };
  const source = new RtmpSource({
    protocol: 'rtmp',
    remoteAddress: '192.0.2.1',
    limits: defaultRtmpLimits,
    now: () => Date.now(),
    ready: () => (seen.ready += 1),
    refused: (refusal) => seen.refusals.push(refusal),
    disconnect: async (reason) => {
      seen.reasons.push(reason);
    },
  });
  return { source, seen };
}

function openReady() {
  const opened = open();
  opened.source.takeMedia('video', 0, videoHeaderBody);
  opened.source.takeMedia('audio', 0, audioHeaderBody);
  return opened;
}

async function firstBytes(source: RtmpSource): Promise<number> {
  const reading = await source.open();
  reading.start();
  const bytes = reading.stdin?.readableLength ?? 0;
  await reading.close();
  return bytes;
}

describe('RtmpSource', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => vi.useRealTimers());

  it('is ready as soon as there are sound’s header and a picture, once', () => {
    const { source, seen } = open();
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('audio', 0, audioHeaderBody);
    expect(seen.ready).toBe(0);
    source.takeMedia('video', 0, videoBody(false));
    expect([seen.ready, source.stats().videoFrames]).toEqual([0, 0]);
    source.takeMedia('video', 0, videoBody(true));
    expect(seen.ready).toBe(1);
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('video', 2000, videoBody(true));
    vi.advanceTimersByTime(5000);
    expect(seen.ready).toBe(1);
    expect(source.tracks.video).toEqual({ codec: 'h264', width: 320, height: 180, frameRate: 25 });
    expect(source.tracks.audio).toEqual({ codec: 'aac', sampleRate: 44_100, channels: 2 });
  });

  it('waits 2 s from the first media for a track it has not been told of', () => {
    const { source, seen } = open();
    source.takeMedia('video', 0, videoHeaderBody);
    vi.advanceTimersByTime(10_000);
    source.takeMedia('video', 0, videoBody(true));
    vi.advanceTimersByTime(1999);
    expect(seen.ready).toBe(0);
    vi.advanceTimersByTime(1);
    expect(seen.ready).toBe(1);
    expect(source.tracks.audio).toBeUndefined();
  });

  it('goes on with sound alone when announced pictures do not come, and says so when they do', async () => {
    const { source, seen } = open();
    source.takeMetadata(['@setDataFrame', 'onMetaData', { videocodecid: 7, audiocodecid: 10 }], 0);
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('audio', 0, audioHeaderBody);
    let changes = 0;
    source.onTracksChanged(() => (changes += 1));
    const sendSound = (fromMs: number, toMs: number) => {
      for (let time = fromMs; time < toMs; time += 20) {
        source.takeMedia('audio', time, audioBody());
        vi.advanceTimersByTime(20);
      }
    };
    sendSound(0, 1980);
    expect(seen.ready).toBe(0);
    sendSound(1980, 2000);
    expect(seen.ready).toBe(1);
    expect(await firstBytes(source)).toBeGreaterThan(100 * audioBody().length);
    sendSound(2000, 8000);
    expect([source.tracks.video, source.tracks.audio?.codec, changes]).toEqual([undefined, 'aac', 0]);
    source.takeMedia('video', 8000, videoBody(true, 30_000));
    expect([source.tracks.video?.width, changes]).toEqual([320, 1]);
    expect(await firstBytes(source)).toBeGreaterThan(30_000);
  });

  it('hands captions to its reading, no more of them than there can be pictures', async () => {
    const { source } = openReady();
    source.takeMedia('video', 5000, videoBody(true));
    const reading = await source.open();
    const heard: number[] = [];
    reading.onCaption?.(({ atMs }) => heard.push(atMs));
    reading.start();
    for (let count = 0; count < 1000; count++) source.takeMetadata(['onTextData', { text: 'Hello' }], 5040);
    expect(heard).toEqual(Array.from({ length: 130 }, () => 40));
    vi.advanceTimersByTime(1000);
    source.takeMetadata(['onTextData', { text: 'Hello' }], 6000);
    expect(heard.at(-1)).toBe(1000);
    await reading.close();
  });

  it('does not wait when one kind is announced alone', () => {
    const { source, seen } = open();
    source.takeMetadata(['@setDataFrame', 'onMetaData', { videocodecid: 7 }], 0);
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('video', 0, videoBody(true));
    expect(seen.ready).toBe(1);
  });

  it('says when a track comes later or changes, not when a header is repeated', () => {
    const { source, seen } = open();
    source.takeMetadata(['onMetaData', { hasVideo: true, hasAudio: false }], 0);
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('video', 0, videoBody(true));
    expect(seen.ready).toBe(1);
    const tracks: unknown[] = [];
    const stop = source.onTracksChanged(() => tracks.push(source.tracks.audio));
    source.takeMedia('video', 40, videoHeaderBody);
    expect(tracks).toEqual([]);
    source.takeMedia('audio', 40, audioHeaderBody);
    source.takeMedia('audio', 40, Buffer.from('af001188', 'hex'));
    expect(tracks).toEqual([
      { codec: 'aac', sampleRate: 44_100, channels: 2 },
      { codec: 'aac', sampleRate: 48_000, channels: 1 },
    ]);
    stop();
    source.takeMedia('audio', 40, audioHeaderBody);
    expect(tracks).toHaveLength(2);
  });

  it('says once when the time base jumps, and begins the next reading behind the jump', async () => {
    const { source } = openReady();
    let changes = 0;
    source.onTracksChanged(() => (changes += 1));
    source.takeMedia('video', 50_000, videoBody(true, 30_000));
    source.takeMedia('audio', 50_000, audioBody());
    source.takeMedia('video', 100, videoBody(false));
    source.takeMedia('audio', 120, audioBody());
    expect(changes).toBe(1);
    expect(await firstBytes(source)).toBeLessThan(1000);
    source.takeMedia('video', 140, videoBody(true, 30_000));
    expect(await firstBytes(source)).toBeGreaterThan(30_000);
  });

  it('gives a reading of the old tracks nothing of the new, and ends it with the encoder', async () => {
    const { source } = openReady();
    source.takeMedia('video', 0, videoBody(true));
    const flowing = await source.open();
    flowing.start();
    const before = flowing.stdin?.readableLength;
    source.takeMedia('audio', 40, Buffer.from('af001188', 'hex'));
    source.takeMedia('video', 40, videoBody(true));
    expect(flowing.stdin?.readableLength).toBe(before);
    source.end();
    flowing.stdin?.resume();
    await new Promise((resolve) => flowing.stdin?.once('end', resolve));
  });

  it('begins every reading with the last key frame', async () => {
    const { source } = openReady();
    source.takeMedia('video', 0, videoBody(true, 50_000));
    source.takeMedia('video', 40, videoBody(false, 100));
    for (let reading = 0; reading < 2; reading += 1) expect(await firstBytes(source)).toBeGreaterThan(50_000);
  });

  it('closes a reading that is still open when the next is opened', async () => {
    const { source } = openReady();
    const first = await source.open();
    await source.open();
    expect(first.stdin?.destroyed).toBe(true);
  });

  it('ends its readings with the encoder, and opens no more', async () => {
    const { source } = openReady();
    source.takeMedia('video', 0, videoBody(true));
    const reading = await source.open();
    reading.start();
    source.end();
    source.end();
    reading.stdin?.resume();
    await new Promise((resolve) => reading.stdin?.once('end', resolve));
    await expect(source.open()).rejects.toThrow('gone');
  });

  it('counts frames, bytes, the key frame interval and the last media', () => {
    const { source } = openReady();
    source.takeMedia('video', 0, videoBody(true));
    expect(source.stats().keyFrameIntervalMs).toBeUndefined();
    source.takeMedia('video', 40, videoBody(false));
    vi.advanceTimersByTime(500);
    source.takeMedia('video', 2000, videoBody(true));
    source.takeMedia('audio', 2000, audioBody());
    expect(source.stats()).toMatchObject({
      bytes: videoHeaderBody.length + audioHeaderBody.length + 3 * videoBody(true).length + audioBody().length,
      videoFrames: 3,
      droppedFrames: 0,
      keyFrameIntervalMs: 2000,
      lastMediaAtMs: 1_000_500,
      arrivals: { avOffsetMs: 0 },
    });
  });

  const unsupported = [
    ['video', Buffer.of(0x12, 0, 0), 'Sorenson H.263 video'],
    ['video', Buffer.of(0x1c, 0, 0, 0, 0, 1), 'H.265 video'],
    ['video', Buffer.from('\u0090hvc1', 'latin1'), 'H.265 video'],
    ['video', Buffer.from('\u0090av01', 'latin1'), 'AV1 video'],
    ['audio', Buffer.of(0x5f, 0), 'Nellymoser audio'],
    ['audio', Buffer.of(0xb2, 0), 'Speex audio'],
    ['audio', Buffer.from('\u0090Opus', 'latin1'), 'Opus audio'],
  ] as const;
  for (const [kind, body, name] of unsupported) {
    it(`refuses ${name} (${body.toString('hex')}) by name`, () => {
      const { source, seen } = open();
      source.takeMedia(kind, 0, body);
      expect(seen.refusals).toEqual([
        { refused: 'unsupportedCodec', message: `${name} is not supported; send H.264 and AAC or MP3.` },
      ]);
    });
  }

  it('learns of MP3 from its frames, and of another kind of it, or AAC, when that comes', () => {
    const { source, seen } = open();
    const mp3 = (header: string) => Buffer.concat([Buffer.from(`2f${header}`, 'hex'), Buffer.alloc(50)]);
    let changes = 0;
    source.onTracksChanged(() => (changes += 1));
    source.takeMedia('video', 0, videoHeaderBody);
    source.takeMedia('video', 0, videoBody(true));
    source.takeMedia('audio', 0, mp3('00000000'));
    expect([seen.ready, source.tracks.audio]).toEqual([0, undefined]);
    source.takeMedia('audio', 26, mp3('fffb9064'));
    expect([seen.ready, source.tracks.audio]).toEqual([1, { codec: 'mp3', sampleRate: 44_100, channels: 2 }]);
    source.takeMedia('audio', 52, mp3('fffb9064'));
    source.takeMedia('audio', 78, mp3('00000000'));
    expect(changes).toBe(0);
    source.takeMedia('audio', 104, mp3('fffb94c4'));
    expect([changes, source.tracks.audio]).toEqual([1, { codec: 'mp3', sampleRate: 48_000, channels: 1 }]);
    source.takeMedia('audio', 130, audioHeaderBody);
    expect([changes, source.tracks.audio?.codec]).toEqual([2, 'aac']);
    source.takeMedia('audio', 156, Buffer.from('af002b118800', 'hex'));
    expect([changes, source.tracks.audio]).toEqual([3, { codec: 'heAac', sampleRate: 48_000, channels: 2 }]);
    expect(seen.ready).toBe(1);
  });

  it('refuses headers that cannot be read', () => {
    const { source, seen } = open();
    source.takeMedia('video', 0, Buffer.of(0x17, 0, 0, 0, 0, 1, 2, 3));
    source.takeMedia('audio', 0, Buffer.of(0xaf, 0, 0));
    expect(seen.refusals.map(({ refused }) => refused)).toEqual(['unsupportedCodec', 'unsupportedCodec']);
  });

  it('ignores empty bodies, Flash’s commands and media without their header', () => {
    const { source, seen } = open();
    for (const body of [Buffer.alloc(0), Buffer.of(0x17), Buffer.of(0x57, 0), Buffer.of(0x17, 2, 0, 0, 0, 1)])
      source.takeMedia('video', 0, body);
    for (const body of [Buffer.alloc(0), Buffer.of(0xaf), Buffer.of(0xaf, 1)]) source.takeMedia('audio', 0, body);
    source.takeMedia('video', 0, videoBody(true));
    vi.advanceTimersByTime(10_000);
    expect(seen).toEqual({ ready: 0, refusals: [], reasons: [] });
    expect(source.stats().videoFrames).toBe(0);
  });
});
