import { describe, expect, it } from 'vitest';
import { parseMp3Frame } from './mp3.ts';

describe('an MP3 frame', () => {
  it.each([
    ['fffb9064', 44_100, 2], // MPEG-1, 128 kbit/s, joint stereo
    ['fffb94c4', 48_000, 1],
    ['fff384c4', 24_000, 1], // MPEG-2
    ['ffe380c4', 11_025, 1], // MPEG-2.5
  ])('%s says %i Hz, %i channels', (header, sampleRate, channels) => {
    expect(parseMp3Frame(Buffer.from(header, 'hex'))).toEqual({ sampleRate, channels });
  });

  it.each(['', 'fffb90', 'fefb9064', 'ff1b9064', 'fffd9064', 'fffbf064', 'fffb9c64', 'ffeb9064'])(
    'is not what begins with %s',
    (header) => {
      expect(parseMp3Frame(Buffer.from(header, 'hex'))).toBeUndefined();
    },
  );
});
