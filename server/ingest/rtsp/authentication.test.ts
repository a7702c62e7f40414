import { describe, expect, it } from 'vitest';
import { digestResponse, readAuthorization } from './authentication.ts';

const always = () => true;
const never = () => false;

function accepts(header: string, password: string, method = 'ANNOUNCE'): boolean {
  const read = readAuthorization(header, method, always);
  return read.kind === 'credentials' && read.credentials.matches(password);
}

/** As sent to a challenge with the nonce `abc123`. */
const fromFfmpeg =
  'Digest username="user", realm="Tallylight", nonce="abc123", uri="rtsp://127.0.0.1:18554/live/0_abcdefgh_1?token=x", response="84e3de956ffd2702be6cf0104a7a7ea1", algorithm="MD5", qop="auth", cnonce="f09556ac4027a1ae", nc=00000001';
const fromGStreamer =
  'Digest username="user", realm="Tallylight", nonce="abc123", uri="rtsp://127.0.0.1:18554/live/0_abcdefgh_1", response="01703131209326e0a6764a46a65ea96f"';

describe('Digest', () => {
  it('is computed as RFC 7616 and RFC 2069 have it', () => {
    const example = {
      username: 'Mufasa',
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      uri: '/dir/index.html',
      method: 'GET',
    };
    const withQop = { ...example, qop: 'auth', nc: '00000001', cnonce: '0a4f113b' };
    expect(digestResponse(withQop)).toBe('6629fae49393a05397450978507c4ef1');
    expect(digestResponse(example)).toBe('670fd8c2df070c60b045671b8b24ff02');
  });

  it('of ffmpeg and of GStreamer matches the right password only', () => {
    expect(accepts(fromFfmpeg, 'pa ss')).toBe(true);
    expect(accepts(fromGStreamer, 'pass')).toBe(true);
    expect(accepts(fromFfmpeg, 'pa sS')).toBe(false);
    expect(accepts(fromGStreamer, '')).toBe(false);
    expect(accepts(fromGStreamer, 'pass', 'SETUP')).toBe(false);
  });

  it('to a challenge that is not ours or too old is stale', () => {
    expect(readAuthorization(fromFfmpeg, 'ANNOUNCE', never)).toEqual({ kind: 'stale' });
    expect(readAuthorization(fromFfmpeg, 'ANNOUNCE', (nonce) => nonce === 'abc123').kind).toBe('credentials');
  });

  it('reads quoted quotes', () => {
    const read = readAuthorization('Digest username="a\\"b", nonce=n, uri="u", response="r"', 'ANNOUNCE', always);
    expect(read).toMatchObject({ kind: 'credentials', credentials: { username: 'a"b' } });
  });
});

describe('Basic', () => {
  const header = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it('matches the right password only, also with colons and other letters', () => {
    expect(accepts(header('user:pa:ss ü'), 'pa:ss ü')).toBe(true);
    expect(accepts(header('user:pa:ss'), 'pa')).toBe(false);
    expect(accepts(header('user:'), 'x')).toBe(false);
  });
});

it.each([
  undefined,
  '',
  'Basic',
  'Basic !!!',
  'Bearer abc',
  'Digest',
  'Digest username="x"',
  'Digest username="u", nonce="n", uri="u", response="r", algorithm=SHA-256',
])('%j proves nothing', (header) => {
  expect(readAuthorization(header, 'ANNOUNCE', always)).toEqual({ kind: 'none' });
});
