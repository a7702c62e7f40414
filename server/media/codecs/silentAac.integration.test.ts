import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { silentAacFrame } from './silentAac.ts';

/** ADTS header of AAC-LC at 48 kHz (ISO/IEC 13818-7 6.2). */
function adts(channelConfiguration: number, frame: Uint8Array): Buffer {
  const bytes = 7 + frame.length;
  const header = Buffer.of(
    0xff,
    0xf1,
    (1 << 6) | (3 << 2) | (channelConfiguration >> 2),
    ((channelConfiguration & 3) << 6) | (bytes >> 11),
    (bytes >> 3) & 0xff,
    ((bytes & 7) << 5) | 0x1f,
    0xfc,
  );
  return Buffer.concat([header, frame]);
}

describe('silentAacFrame', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 6],
    [8, 7],
  ])('is decoded by ffmpeg as silence of %i channels, without complaint', (channels, configuration) => {
    const frame = silentAacFrame(channels)!;
    const input = Buffer.concat(Array.from({ length: 20 }, () => adts(configuration, frame)));
    const args = '-v warning -xerror -f aac -i pipe:0 -f s16le pipe:1'.split(' ');
    const { stdout, stderr, status } = spawnSync('ffmpeg', args, { input });
    expect(stderr.toString()).not.toMatch(/error|invalid|damaged|unavailable/i);
    expect(status).toBe(0);
    expect(stdout.length).toBe(20 * 1024 * channels * 2);
    expect(stdout.every((byte) => byte === 0)).toBe(true);
  });

  it('knows no frame for a layout without a number', () => {
    expect(silentAacFrame(0)).toBeUndefined();
    expect(silentAacFrame(7)).toBeUndefined();
  });
});
