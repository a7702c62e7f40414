import { describe, expect, it } from 'vitest';
import { isPlayUrl, parsePlayUrl } from './playPath.ts';

describe('parsePlayUrl', () => {
  it('tells entry, format and path apart', () => {
    expect(parsePlayUrl('/play/0_abcd1234/hls/tag/v0/1.m4s')).toEqual({
      type: 'format',
      entryId: '0_abcd1234',
      format: 'hls',
      path: 'tag/v0/1.m4s',
      token: '',
    });
    expect(parsePlayUrl('/play/time?x')).toEqual({ type: 'time' });
  });

  it('takes the token from the query and nothing else', () => {
    expect(parsePlayUrl('/play/0_abcd1234/hls/master.m3u8?a=1&token=t%2B1&b=2')).toMatchObject({ token: 't+1' });
    expect(parsePlayUrl('/play/0_abcd1234/hls/master.m3u8?a=1')).toMatchObject({ token: '' });
    expect(parsePlayUrl(`/play/0_abcd1234/hls/master.m3u8?token=${'t'.repeat(1025)}`)).toBe('badRequest');
  });

  it.each([
    '/play/',
    '/play/0_abcd1234',
    '/play/0_abcd1234/',
    '/play/0_abcd1234/hls',
    '/play/0_abcd1234/hls/',
    '/play/0_ABCD1234/hls/master.m3u8',
    '/play/1_abcd1234/hls/master.m3u8',
    '/play/0_abcd12345/hls/master.m3u8',
    '/play/0_abcd1234/hls/%2e%2e/secret',
    '/play/0_abcd1234/hls/..%2fsecret',
    '/play/0_abcd1234/hls/a%00b',
    '/play/0_abcd1234/hls//master.m3u8',
    '/play/0_abcd1234/hls/\\master.m3u8',
  ])('finds nothing at %s', (url) => {
    expect(parsePlayUrl(url)).toBe('notFound');
  });

  it('finds nothing at addresses of 10 kB', () => {
    expect(parsePlayUrl(`/play/0_abcd1234/hls/${'a/'.repeat(5000)}b`)).toBe('notFound');
    expect(parsePlayUrl(`/play/0_abcd1234/hls/${'a'.repeat(10_000)}`)).toBe('notFound');
  });

  it('leaves other addresses to others', () => {
    expect(isPlayUrl('/play/time')).toBe(true);
    expect(isPlayUrl('/player/')).toBe(false);
    expect(isPlayUrl('/api/play/')).toBe(false);
  });
});
