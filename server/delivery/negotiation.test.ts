import { describe, expect, it } from 'vitest';
import { acceptsGzip } from './acceptsGzip.ts';
import { matchesEtag } from './etag.ts';

describe('acceptsGzip', () => {
  it.each(['gzip', 'deflate, gzip;q=0.5, br', 'GZIP', 'x-gzip', '*', 'br, *;q=0.1'])('takes %s as a yes', (header) => {
    expect(acceptsGzip(header)).toBe(true);
  });
  it.each([undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000', '*;q=0', 'gzip;q=0, *'])(
    'takes %s as a no',
    (header) => {
      expect(acceptsGzip(header)).toBe(false);
    },
  );
});

describe('matchesEtag', () => {
  it('finds the tag in a list, weak or strong, or any', () => {
    expect(matchesEtag('"a", W/"b"', '"b"')).toBe(true);
    expect(matchesEtag('*', '"b"')).toBe(true);
  });
  it('finds nothing else', () => {
    expect(matchesEtag(undefined, '"b"')).toBe(false);
    expect(matchesEtag('"bb", b', '"b"')).toBe(false);
  });
});
