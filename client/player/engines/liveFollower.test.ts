import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followRate, LiveFollower } from './liveFollower.ts';

it('plays faster once it is too far behind, until it has caught up', () => {
  expect(followRate(1, 1)).toBe(1);
  expect(followRate(2, 1)).toBe(1.05);
  expect(followRate(1, 1.05)).toBe(1.05);
  expect(followRate(0, 1.05)).toBe(1);
  expect(followRate(-2, 1)).toBe(1);
  expect(followRate(0.6, 1, 0.5)).toBe(1.05);
});

/** As much of a `<video>` as a follower sees. */
class FakeVideo extends EventTarget {
  currentTime = 100;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  seeking = false;
  paused = false;
  bufferedStart = 0;
  bufferedEnd = 0;
  get buffered() {
    return { length: 1, start: () => this.bufferedStart, end: () => this.bufferedEnd };
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('leaves a viewer alone who is on the way back into the DVR, and who has got there', () => {
  const video = new FakeVideo();
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => 100 - video.currentTime);
  video.currentTime = 10;
  video.seeking = true;
  video.dispatchEvent(new Event('seeking'));
  vi.advanceTimersByTime(3000);
  video.seeking = false;
  video.dispatchEvent(new Event('seeked'));
  vi.advanceTimersByTime(3000);
  expect([video.currentTime, video.playbackRate]).toEqual([10, 1]);
  follower.close();
});

it('brings a viewer back at once who follows live and has fallen far behind', () => {
  const video = new FakeVideo();
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => 100 - video.currentTime);
  video.currentTime = 80;
  vi.advanceTimersByTime(1000);
  expect(video.currentTime).toBe(100);
  follower.close();
});

it('leaves a still picture where it is, however long it is looked at', () => {
  const video = new FakeVideo();
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => 100 - video.currentTime);
  video.paused = true;
  video.currentTime = 80;
  vi.advanceTimersByTime(3000);
  expect([video.currentTime, video.playbackRate]).toEqual([80, 1]);
  follower.close();
});

it('takes a library’s own seek to where playback begins for no way back, however late it is', () => {
  const video = new FakeVideo();
  video.currentTime = 0;
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => 100 - video.currentTime);
  video.currentTime = 95;
  for (const name of ['seeking', 'timeupdate', 'seeked']) video.dispatchEvent(new Event(name));
  vi.advanceTimersByTime(1000);
  expect(video.playbackRate).toBe(1.05);
  follower.close();
});

it('follows again who plays on after a short pause, and not after a long one', () => {
  const video = new FakeVideo();
  let liveSeconds = 100;
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => liveSeconds - video.currentTime);
  const pauseFor = (seconds: number) => {
    video.dispatchEvent(new Event('pause'));
    liveSeconds += seconds;
    video.dispatchEvent(new Event('play'));
    vi.advanceTimersByTime(1000);
  };
  pauseFor(2);
  expect(video.playbackRate).toBe(1.05);
  pauseFor(5);
  expect(video.playbackRate).toBe(1);
  follower.close();
});

it('begins where a live viewer should be, once, if that is there', () => {
  const begin = (bufferedEnd: number, bufferedStart = 0) => {
    const video = new FakeVideo();
    Object.assign(video, { bufferedStart, bufferedEnd });
    const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => 102 - video.currentTime);
    video.dispatchEvent(new Event('playing'));
    const begun = video.currentTime;
    video.currentTime = 95;
    video.dispatchEvent(new Event('playing'));
    expect(video.currentTime).toBe(95);
    follower.close();
    return begun;
  };
  expect(begin(103)).toBe(102);
  expect(begin(102)).toBe(100);
  expect(begin(110, 105)).toBe(100);
});

it('skips what was missed while media was missing, but not what was missed during a short pause', () => {
  const video = new FakeVideo();
  let liveSeconds = 100;
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => liveSeconds - video.currentTime);
  video.dispatchEvent(new Event('playing'));
  const missFor = (seconds: number, ...events: string[]) => {
    liveSeconds += seconds;
    video.bufferedEnd = liveSeconds + 1;
    for (const name of events) video.dispatchEvent(new Event(name));
    return video.currentTime;
  };
  expect(missFor(2, 'pause', 'play', 'playing')).toBe(100);
  video.seeking = true;
  expect(missFor(0, 'waiting')).toBe(100);
  video.seeking = false;
  expect(missFor(0, 'playing')).toBe(100);
  expect(missFor(1, 'waiting', 'playing')).toBe(103);
  follower.close();
});

it('changes the rate that shaka goes back to as well, and leaves none behind', () => {
  const video = new FakeVideo();
  const follower = new LiveFollower(video as unknown as HTMLVideoElement, () => 105 - video.currentTime);
  vi.advanceTimersByTime(1000);
  expect([video.playbackRate, video.defaultPlaybackRate]).toEqual([1.05, 1.05]);
  follower.close();
  expect([video.playbackRate, video.defaultPlaybackRate]).toEqual([1, 1]);
});
