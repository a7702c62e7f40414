import { describe, expect, it } from 'vitest';
import { GopCache } from './gopCache.ts';
import { defaultFrameLimits } from './frameLimits.ts';
import type { MediaTag } from './mediaTag.ts';

const video = (timestampMs: number, keyFrame = false, bytes = 10): MediaTag => ({
  kind: 'video',
  timestampMs,
  keyFrame,
  body: Buffer.alloc(bytes),
});
const audio = (timestampMs: number, bytes = 10): MediaTag => ({
  kind: 'audio',
  timestampMs,
  keyFrame: true,
  body: Buffer.alloc(bytes),
});
const times = (cache: GopCache) => cache.tags.map(({ kind, timestampMs }) => `${kind[0]}${timestampMs}`);

function filled(...tags: MediaTag[]): GopCache {
  const cache = new GopCache(defaultFrameLimits);
  cache.keepLatest();
  for (const tag of tags) cache.add(tag, true);
  return cache;
}

describe('GopCache', () => {
  it('begins with the last key frame', () => {
    expect(times(filled(video(0), audio(5), video(40, true), audio(45), video(80)))).toEqual(['v40', 'a45', 'v80']);
    expect(times(filled(video(0, true), video(40), video(80, true), audio(85)))).toEqual(['v80', 'a85']);
  });

  it('keeps sound that came before the key frame but belongs behind it', () => {
    expect(times(filled(video(0, true), audio(30), audio(60), video(40, true)))).toEqual(['v40', 'a60']);
  });

  it('spans no time less than none where what came last is of another time', () => {
    expect(filled(video(1000, true), audio(1500)).spanMs).toBe(500);
    expect(filled(video(3_608_000, true), audio(8000)).spanMs).toBe(0);
  });

  it('gives up a group that is too long, until the next key frame', () => {
    const cache = filled(video(0, true), video(12_000));
    expect(times(cache)).toEqual(['v0', 'v12000']);
    cache.add(video(12_001), true);
    cache.add(video(12_040), true);
    expect(cache.tags).toEqual([]);
    cache.add(video(13_000, true), true);
    expect(times(cache)).toEqual(['v13000']);
  });

  it('gives up a group that is too large', () => {
    const megabytes = 1024 * 1024;
    const cache = filled(video(0, true, 8 * megabytes), video(40, false, 7 * megabytes));
    expect(cache.tags).toHaveLength(2);
    cache.add(video(80, false, megabytes), true);
    expect(cache.tags).toEqual([]);
  });

  it('keeps all there were at first, and forgets what is before the last key frame when that is over', () => {
    const cache = new GopCache(defaultFrameLimits);
    const tags = [video(0, true), audio(5), video(40, true), audio(39), audio(45), video(80)];
    for (const tag of tags) cache.add(tag, true);
    expect(times(cache)).toEqual(['v0', 'a5', 'v40', 'a39', 'a45', 'v80']);
    const given = cache.tags;
    cache.keepLatest();
    expect(given).toHaveLength(6);
    expect(times(cache)).toEqual(['v40', 'a39', 'a45', 'v80']);
    cache.add(video(120, true), true);
    expect(times(cache)).toEqual(['v120']);
  });

  it('ends the beginning when it is too long', () => {
    const cache = new GopCache(defaultFrameLimits);
    for (let time = 0; time <= 12_500; time += 500) cache.add(video(time, time % 2000 === 0), true);
    expect(times(cache)).toEqual(['v12000', 'v12500']);
  });

  it('keeps the last two seconds of sound alone', () => {
    const cache = new GopCache(defaultFrameLimits);
    cache.keepLatest();
    for (let time = 0; time <= 10_000; time += 500) cache.add(audio(time), false);
    expect(times(cache)).toEqual(['a8000', 'a8500', 'a9000', 'a9500', 'a10000']);
  });

  describe.each([
    ['pictures', video(0), true],
    ['sound beside pictures', audio(0, 6), true],
    ['sound alone', audio(0, 6), false],
    ['key frames', video(0, true, 6), true],
  ])('of a million frames of six bytes at one time, %s', (_, tag, hasVideo) => {
    it.each(['at first', 'later'])('keeps a bounded number %s', (when) => {
      const cache = new GopCache(defaultFrameLimits);
      if (when === 'later') cache.keepLatest();
      cache.add(video(0, true), true);
      let most = 0;
      for (let index = 0; index < 1_000_000; index += 1) {
        cache.add(tag, hasVideo);
        if (index % 10_000 === 0) most = Math.max(most, cache.tags.length);
      }
      expect(most).toBeLessThanOrEqual(16_384);
      expect(most * (256 + 6)).toBeLessThan(defaultFrameLimits.gopBytes);
    });
  });

  it('does not look through all the sound before each key frame', () => {
    const cache = filled(video(0, true));
    for (let index = 0; index < 10_000; index += 1) cache.add(audio(40, 6), true);
    cache.add(video(40, true), true);
    expect(cache.tags).toHaveLength(1 + 512);
  });
});
