import { describe, expect, it } from 'vitest';
import { judgePublisher, publisherMatches, streamTokenMatches } from './streamToken.ts';

const ingest = { username: '0_aaaaaaaa', password: 'pass', whipToken: 'whip', expiresAtMs: null };
const entry = { type: 'live', ingest } as const;

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

describe('a publisher', () => {
  const knowing = (username: string, password: string) => ({
    protocol: 'rtsp' as const,
    credentials: { username, matches: (expected: string) => expected === password },
  });

  it('matches by the token, or by user name and password together', () => {
    expect(publisherMatches(entry, { protocol: 'rtsp', token: 'pass' })).toBe(true);
    expect(publisherMatches(entry, knowing('0_aaaaaaaa', 'pass'))).toBe(true);
    expect(publisherMatches(entry, { ...knowing('0_aaaaaaaa', 'pass'), token: 'wrong' })).toBe(true);
  });

  it('does not match with one of them wrong, or with nothing', () => {
    expect(publisherMatches(entry, { protocol: 'rtsp' })).toBe(false);
    expect(publisherMatches(entry, knowing('0_bbbbbbbb', 'pass'))).toBe(false);
    expect(publisherMatches(entry, knowing('0_aaaaaaaa', 'whip'))).toBe(false);
    expect(publisherMatches(entry, { ...knowing('0_aaaaaaaa', 'pass'), protocol: 'whip' })).toBe(false);
  });

  it('does not match an entry without a password, or one that is not live', () => {
    const nothing = { ...entry, ingest: { ...entry.ingest, password: '' } };
    expect(publisherMatches(nothing, knowing('0_aaaaaaaa', ''))).toBe(false);
    expect(publisherMatches({ ...entry, type: 'manual' }, knowing('0_aaaaaaaa', 'pass'))).toBe(false);
  });
});

describe('a key that ends', () => {
  const ending = { type: 'live', ingest: { ...ingest, expiresAtMs: 1000 } } as const;
  const proofs = [
    { protocol: 'rtmp', token: 'pass' },
    { protocol: 'whip', token: 'whip' },
    { protocol: 'rtsp', credentials: { username: '0_aaaaaaaa', matches: (password: string) => password === 'pass' } },
  ] as const;

  it('opens until then, whatever it is shown by', () => {
    for (const proof of proofs) {
      expect([999, 1000].map((nowMs) => judgePublisher(ending, proof, nowMs))).toEqual(['right', 'expired']);
      expect(judgePublisher(entry, proof, Number.MAX_SAFE_INTEGER)).toBe('right');
    }
  });

  it('is no news to those who do not have it', () => {
    expect(judgePublisher(ending, { protocol: 'rtmp', token: 'wrong' }, 2000)).toBe('wrong');
    expect(judgePublisher(ending, { protocol: 'rtmp' }, 2000)).toBe('wrong');
  });
});
