import { describe, expect, it } from 'vitest';
import { keylessUrl, streamKey } from './encoderSetup.ts';

describe('what an encoder is given', () => {
  it('is the first stream’s name with the key', () => {
    expect(streamKey({ streamName: '0_abcdefgh_%i', password: 's3cret' })).toBe('0_abcdefgh_1?token=s3cret');
  });

  it('shows the key only where encoders hide it', () => {
    expect(keylessUrl('rtmp://live.example/live?token=s3cret')).toBe('rtmp://live.example/live');
    expect(keylessUrl('rtmp://live.example/live?i=1&token=s3cret')).toBe('rtmp://live.example/live?i=1');
  });
});
