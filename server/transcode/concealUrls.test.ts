import { describe, expect, it } from 'vitest';
import { concealUrls } from './concealUrls.ts';

describe('the URLs in what ffmpeg says', () => {
  it.each([
    ['rtsp://127.0.0.1:40123/0f3a9c: Connection refused', 'rtsp://127.0.0.1:40123/… Connection refused'],
    ["Input #0, rtsp, from 'rtsp://127.0.0.1:1/0f3a9c':", "Input #0, rtsp, from 'rtsp://127.0.0.1:1/…':"],
    ['rtmp://host/live?token=abc/0_x_1 failed', 'rtmp://host/… failed'],
    ['rtsp://name:word@[::1]:8554/live/x', 'rtsp://[::1]:8554/…'],
    ['pipe:0: Invalid data found when processing input', 'pipe:0: Invalid data found when processing input'],
    ['frame=1/2 http://host', 'frame=1/2 http://host'],
  ])('%s is kept as %s', (said, kept) => {
    expect(concealUrls(said)).toBe(kept);
  });
});
