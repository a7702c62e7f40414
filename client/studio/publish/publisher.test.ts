import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, unreachable } from '../../api/apiError.ts';
import { Publisher } from './publisher.ts';
import type { WhipOptions, WhipSession } from './whipSession.ts';

/** The sessions that were opened, each with the hand on its connection. */
class Sessions {
  readonly opened: { options: WhipOptions; closed: boolean; replaced: MediaStreamTrack[] }[] = [];
  refusal: Error | null = null;

  readonly open = (options: WhipOptions): Promise<WhipSession> => {
    if (this.refusal) return Promise.reject(this.refusal);
    const session = { options, closed: false, replaced: [] as MediaStreamTrack[] };
    this.opened.push(session);
    return Promise.resolve({
      close: () => Promise.resolve((session.closed = true)),
      replace: (track: MediaStreamTrack) => Promise.resolve(session.replaced.push(track)),
    } as unknown as WhipSession);
  };

  get last() {
    return this.opened.at(-1)!;
  }

  become(state: RTCPeerConnectionState) {
    this.last.options.onConnectionState(state);
  }
}

const track = (kind: 'video' | 'audio') => ({ kind }) as MediaStreamTrack;
const target = { url: '/whip/0_abcdefgh', token: 't', video: track('video'), audio: track('audio'), maxBitrateBps: 1 };

function started(sessions: Sessions) {
  const publisher = new Publisher({
    open: sessions.open,
    random: () => 1,
  });
  publisher.setTarget(target);
  publisher.start();
  return publisher;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

async function onAir(sessions: Sessions) {
  const publisher = started(sessions);
  await settle();
  sessions.become('connected');
  return publisher;
}

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('Publisher', () => {
  it('is on air when media is connected, not when the server has answered', async () => {
    const sessions = new Sessions();
    const publisher = started(sessions);
    await settle();
    expect(publisher.getState()).toEqual({ phase: 'connecting' });
    sessions.become('connected');
    expect(publisher.getState()).toEqual({ phase: 'onAir', sinceMs: 1_000_000 });
  });

  it('shows the server’s refusal and does not insist', async () => {
    const sessions = new Sessions();
    sessions.refusal = new ApiError('alreadyBroadcasting', 'This entry is already being broadcast.', 409);
    const publisher = started(sessions);
    await settle();
    expect(publisher.getState()).toEqual({ phase: 'failed', reason: 'This entry is already being broadcast.' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sessions.opened).toHaveLength(0);
  });

  it('says what to look at when no media connects', async () => {
    const sessions = new Sessions();
    const publisher = started(sessions);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(publisher.getState()).toMatchObject({
      phase: 'failed',
      reason: expect.stringContaining('ANNOUNCED_ADDRESS') as string,
    });
    expect(sessions.last.closed).toBe(true);
  });

  it('sits out a short break of the network', async () => {
    const sessions = new Sessions();
    const publisher = await onAir(sessions);
    sessions.become('disconnected');
    await vi.advanceTimersByTimeAsync(3900);
    sessions.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(publisher.getState()).toEqual({ phase: 'onAir', sinceMs: 1_000_000 });
    expect(sessions.opened).toHaveLength(1);
  });

  it('publishes again after a loss, with growing pauses, and keeps counting its time on air', async () => {
    const sessions = new Sessions();
    const publisher = await onAir(sessions);
    sessions.refusal = unreachable();
    sessions.become('failed');
    expect(publisher.getState()).toMatchObject({ phase: 'reconnecting', attempt: 1 });
    expect(sessions.opened[0]?.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(publisher.getState()).toMatchObject({ phase: 'reconnecting', attempt: 2 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(publisher.getState()).toMatchObject({ phase: 'reconnecting', attempt: 3 });
    sessions.refusal = null;
    await vi.advanceTimersByTimeAsync(2000);
    sessions.become('connected');
    expect(publisher.getState()).toEqual({ phase: 'onAir', sinceMs: 1_000_000 });
    expect(sessions.opened).toHaveLength(2);
  });

  it('waits for its own former session to be noticed as gone, and gives up on a changed key', async () => {
    const sessions = new Sessions();
    const publisher = await onAir(sessions);
    sessions.refusal = new ApiError('alreadyBroadcasting', 'x', 409);
    sessions.become('failed');
    await vi.advanceTimersByTimeAsync(5000);
    expect(publisher.getState()).toMatchObject({ phase: 'reconnecting' });
    sessions.refusal = new ApiError('invalidStreamToken', 'The stream key is not right.', 401);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(publisher.getState()).toEqual({ phase: 'failed', reason: 'The stream key is not right.' });
  });

  it('does not go on air by surprise when the connection returns much later', async () => {
    const sessions = new Sessions();
    const publisher = await onAir(sessions);
    sessions.refusal = unreachable();
    sessions.become('failed');
    vi.setSystemTime(1_000_000 + 400_000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(publisher.getState()).toMatchObject({ phase: 'failed' });
  });

  it('tries at once when the network says that it is back', async () => {
    const sessions = new Sessions();
    const publisher = await onAir(sessions);
    sessions.refusal = unreachable();
    sessions.become('failed');
    await vi.advanceTimersByTimeAsync(10_000);
    sessions.refusal = null;
    publisher.retryNow();
    await settle();
    expect(sessions.opened).toHaveLength(2);
  });

  it('is off for good when it is stopped, also in the middle of an attempt', async () => {
    const sessions = new Sessions();
    const publisher = started(sessions);
    void publisher.stop();
    await settle();
    expect(publisher.getState()).toEqual({ phase: 'off' });
    expect(sessions.last.closed).toBe(true);
    sessions.become('connected');
    expect(publisher.getState()).toEqual({ phase: 'off' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends another camera in the same session, and leaves the sound that it has when a microphone is lost', async () => {
    const sessions = new Sessions();
    const publisher = await onAir(sessions);
    const other = track('video');
    publisher.setTarget({ ...target, video: other, audio: null });
    publisher.setTarget({ ...target, video: other, audio: null });
    expect(sessions.last.replaced).toEqual([other]);
    expect(sessions.opened).toHaveLength(1);
  });

  it('does not lose a change that was made while it connected', async () => {
    const sessions = new Sessions();
    const publisher = started(sessions);
    const other = track('audio');
    publisher.setTarget({ ...target, audio: other });
    await settle();
    expect(sessions.last.replaced).toEqual([other]);
  });

  it('says that there is no picture instead of connecting without one', () => {
    const sessions = new Sessions();
    const publisher = new Publisher({ open: sessions.open });
    publisher.start();
    expect(publisher.getState()).toMatchObject({
      phase: 'failed',
      reason: expect.stringContaining('no picture') as string,
    });
  });
});
