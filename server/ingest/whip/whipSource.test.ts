import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { rtpPacketBytes, writeRtpPacket } from '../../media/rtp/rtpPacket.ts';
import { idrSlice, pps, rtpPacket, slice, sps, stapA, vp8KeyFrame } from '../../media/rtp/rtpPackets.fixture.ts';
import type { Source } from '../source.ts';
import { WhipSource, type WhipSourceOptions } from './whipSource.ts';

let nowMs = 0;
let source: WhipSource;
let ready: Source[];
let keyFrameRequests: number;
const sequences = { audio: 0, video: 0 };

function open(offered: WhipSourceOptions['offered']): void {
  ready = [];
  keyFrameRequests = 0;
  source = new WhipSource({
    remoteAddress: '192.0.2.1',
    offered,
    log: pino({ level: 'silent' }),
    monotonicNow: () => nowMs,
    now: () => 1_700_000_000_000 + nowMs,
    requestKeyFrame: () => (keyFrameRequests += 1),
    onReady: (source) => ready.push(source),
    disconnect: () => Promise.resolve(),
  });
}

function send(kind: 'audio' | 'video', payload: Buffer, marker = true): void {
  const clockRate = kind === 'audio' ? 48 : 90;
  const packet = rtpPacket({ payload, marker, sequence: (sequences[kind] += 1), timestamp: nowMs * clockRate });
  const bytes = Buffer.alloc(rtpPacketBytes(payload));
  writeRtpPacket(bytes, 0, packet);
  source.receive(kind, bytes);
}

const opus = Buffer.of(0xfc, 1, 2, 3);
const keyFrame = stapA(sps, pps, idrSlice);

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
});
afterEach(() => {
  source.end();
  vi.useRealTimers();
});

describe('a WebRTC publisher as a source', () => {
  it('is ready when both offered tracks are known from their media', () => {
    open({ video: 'h264', audio: true });
    send('audio', opus);
    expect(ready).toEqual([]);
    send('video', keyFrame);
    expect(ready).toEqual([source]);
    expect(source.tracks).toEqual({
      video: { codec: 'h264', width: 640, height: 360, frameRate: 30 },
      audio: { codec: 'opus', sampleRate: 48_000, channels: 2 },
    });
  });

  it('starts with sound when no picture comes, and says when it comes after all', () => {
    open({ video: 'vp8', audio: true });
    send('audio', opus);
    vi.advanceTimersByTime(2999);
    expect(ready).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ready).toHaveLength(1);
    expect(source.tracks.video).toBeUndefined();
    const changed = vi.fn<() => void>();
    source.onTracksChanged(changed);
    send('video', vp8KeyFrame);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(source.tracks.video).toEqual({ codec: 'vp8', width: 640, height: 480 });
    expect(ready).toHaveLength(1);
  });

  it.each([
    [{ audio: true }, () => send('audio', opus)],
    [{ video: 'h264', audio: false }, () => send('video', keyFrame)],
  ] as const)('needs only what was offered: %j', (offered, sendOne) => {
    open(offered);
    sendOne();
    expect(ready).toHaveLength(1);
  });

  it('follows a change of size without a word', () => {
    open({ video: 'vp8', audio: false });
    send('video', vp8KeyFrame);
    const changed = vi.fn<() => void>();
    source.onTracksChanged(changed);
    const larger = Buffer.from(vp8KeyFrame);
    larger.writeUInt16LE(1280, larger.length - 4);
    nowMs += 40;
    send('video', larger);
    expect(source.tracks.video?.width).toBe(1280);
    expect(changed).not.toHaveBeenCalled();
  });

  it('says when a track goes, and when it comes back', () => {
    open({ video: 'vp8', audio: true });
    send('audio', opus);
    send('video', vp8KeyFrame);
    const changed = vi.fn<() => void>();
    const stop = source.onTracksChanged(changed);
    for (; nowMs < 9_980; nowMs += 20) send('audio', opus);
    expect(changed).not.toHaveBeenCalled();
    for (; nowMs < 10_020; nowMs += 20) send('audio', opus);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(Object.keys(source.tracks)).toEqual(['audio']);
    send('video', vp8KeyFrame);
    expect(changed).toHaveBeenCalledTimes(2);
    expect(Object.keys(source.tracks)).toEqual(['video', 'audio']);
    stop();
    for (; nowMs < 30_000; nowMs += 40) send('video', vp8KeyFrame);
    expect(Object.keys(source.tracks)).toEqual(['video']);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('asks for a key frame, not too often, while it has none', () => {
    open({ video: 'h264', audio: false });
    for (; nowMs < 1000; nowMs += 20) send('video', slice);
    expect(keyFrameRequests).toBe(2);
    send('video', keyFrame);
    for (; nowMs < 3000; nowMs += 20) send('video', slice);
    expect(keyFrameRequests).toBe(2);
  });

  it('counts what it gets', () => {
    open({ video: 'h264', audio: true });
    for (; nowMs <= 4000; nowMs += 40) send('video', nowMs % 2000 === 0 ? keyFrame : slice);
    expect(source.stats()).toMatchObject({
      videoFrames: 101,
      droppedFrames: 0,
      keyFrameIntervalMs: 2000,
      lastMediaAtMs: 1_700_000_004_000,
    });
    // A picture is lost: it and those up to the next key frame are not passed on.
    sequences.video += 1;
    for (let frame = 0; frame < 3; frame += 1, nowMs += 300) send('video', slice);
    send('video', keyFrame);
    expect(source.stats().videoFrames).toBe(102);
    expect(source.stats().droppedFrames).toBeGreaterThan(0);
  });

  it('survives packets that are none', () => {
    open({ video: 'h264', audio: true });
    for (const length of [0, 1, 11, 12, 100]) source.receive('video', Buffer.alloc(length, 0xff));
    expect(ready).toEqual([]);
  });
});
