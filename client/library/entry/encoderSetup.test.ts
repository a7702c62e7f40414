import { describe, expect, it } from 'vitest';
import { ffmpegCommand, keylessUrl, publishUrl, streamKey } from './encoderSetup.ts';

const ingest = { streamName: '0_abcdefgh_%i', password: 's3cret' };

describe('what an encoder is given', () => {
  it('is the first stream’s name with the key', () => {
    expect(streamKey(ingest)).toBe('0_abcdefgh_1?token=s3cret');
  });

  it('joins with the server’s address, a trailing slash or not', () => {
    const url = 'rtmp://live.example:1935/live/0_abcdefgh_1?token=s3cret';
    expect(publishUrl('rtmp://live.example:1935/live', streamKey(ingest))).toBe(url);
    expect(publishUrl('rtmp://live.example:1935/live/', streamKey(ingest))).toBe(url);
  });

  it('shows the key only where encoders hide it', () => {
    expect(keylessUrl('rtmp://live.example/live?token=s3cret')).toBe('rtmp://live.example/live');
    expect(keylessUrl('rtmp://live.example/live?i=1&token=s3cret')).toBe('rtmp://live.example/live?i=1');
    expect(publishUrl('rtmp://live.example/live?i=1&token=s3cret', streamKey(ingest))).toBe(
      'rtmp://live.example/live/0_abcdefgh_1?token=s3cret&i=1',
    );
  });

  it('keeps the backup’s mark behind the stream’s name, where every encoder sends it', () => {
    expect(publishUrl('rtmp://live.example/live?i=1', streamKey(ingest))).toBe(
      'rtmp://live.example/live/0_abcdefgh_1?token=s3cret&i=1',
    );
  });

  it('is quoted in the ffmpeg command, because of its question mark', () => {
    const command = ffmpegCommand('rtmp://h/live/a?token=b', 'test');
    expect(command).toContain('-f flv "rtmp://h/live/a?token=b"');
    expect(command.split('\n').every((line, at, all) => at === all.length - 1 || line.endsWith(' \\'))).toBe(true);
  });
});
