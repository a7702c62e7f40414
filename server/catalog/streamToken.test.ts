import { describe, expect, it } from 'vitest';
import { streamTokenMatches } from './streamToken.ts';

const entry = { type: 'live', ingest: { username: '0_aaaaaaaa', password: 'pass', whipToken: 'whip' } } as const;

describe('a stream token', () => {
  it('is the password for encoders and the WHIP token for WHIP, and not the other way round', () => {
    for (const protocol of ['rtmp', 'rtmps', 'rtsp'] as const) {
      expect(streamTokenMatches(entry, 'pass', protocol)).toBe(true);
      expect(streamTokenMatches(entry, 'whip', protocol)).toBe(false);
    }
    expect(streamTokenMatches(entry, 'whip', 'whip')).toBe(true);
    expect(streamTokenMatches(entry, 'pass', 'whip')).toBe(false);
  });

  it.each([undefined, '', 'pas', 'passs', 'PASS', 'pass '])('is not %j', (token) => {
    expect(streamTokenMatches(entry, token, 'rtmp')).toBe(false);
  });

  it('does not exist for manual entries or where there is no secret', () => {
    expect(streamTokenMatches({ ...entry, type: 'manual' }, 'pass', 'rtmp')).toBe(false);
    expect(streamTokenMatches({ ...entry, ingest: { ...entry.ingest, password: '' } }, '', 'rtmp')).toBe(false);
  });
});
