import { describe, expect, it } from 'vitest';
import { parseIceFragment, writeIceFragment } from './iceFragment.ts';
import { localTransport } from './testOffers.fixture.ts';

const trickle = [
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'm=audio 9 RTP/AVP 0',
  'a=mid:0',
  'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0',
  'a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0',
  'a=end-of-candidates',
  '',
].join('\r\n');

describe('an ICE fragment', () => {
  it('says whose candidates it brings, and how many', () => {
    expect(parseIceFragment(trickle)).toEqual({
      credentials: { usernameFragment: 'EsAw', password: 'P2uYro0UCOQ4zxjKXaWCBui1' },
      candidates: 2,
    });
  });

  it('may leave the credentials out', () => {
    expect(parseIceFragment('m=audio 9 RTP/AVP 0\r\na=mid:0\r\na=end-of-candidates\r\n')).toEqual({ candidates: 0 });
  });

  it.each([
    '',
    'hello',
    '{"candidate":""}',
    'a=ice-ufrag:x',
    'a=ice-ufrag:EsAw\r\na=ice-pwd:short',
    'a=foo:bar',
    'm=audio',
  ])('is not %j', (text) => {
    expect(parseIceFragment(text)).toBeUndefined();
  });

  it('answers a restart with our credentials and candidates in a section of the offer', () => {
    const fragment = writeIceFragment(localTransport, 'audio', '0');
    expect(fragment.startsWith('a=ice-lite\r\nm=audio 9 ')).toBe(true);
    expect(fragment).toContain('a=mid:0\r\na=ice-ufrag:serverufrag\r\na=ice-pwd:serverpassword');
    expect(parseIceFragment(fragment)).toMatchObject({ candidates: 2 });
  });
});
