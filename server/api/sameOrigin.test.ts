import { describe, expect, it } from 'vitest';
import { isCrossOrigin, isSameOrigin } from './sameOrigin.ts';

const host = 'studio.example:8080';

describe('where a request comes from', () => {
  it.each([
    [{ host, origin: 'http://studio.example:8080' }, true],
    [{ host, origin: 'https://STUDIO.example:8080' }, true],
    [{ host: 'studio.example', origin: 'https://studio.example' }, true],
    [{ host, 'sec-fetch-site': 'same-origin', origin: 'http://localhost:5173' }, true],
    [{ host, 'sec-fetch-site': 'none' }, true],
    [{ host, 'sec-fetch-site': 'same-site', origin: 'http://studio.example:8080' }, false],
    [{ host, 'sec-fetch-site': 'cross-site' }, false],
    [{ host, origin: 'http://studio.example:8081' }, false],
    [{ host, origin: 'http://evil.example' }, false],
    [{ host, origin: 'null' }, false],
    [{ host, origin: 'nonsense' }, false],
    [{ origin: 'http://studio.example:8080' }, false],
    [{ host }, false],
  ])('%j is this host’s own page: %s', (headers, own) => {
    expect(isSameOrigin(headers)).toBe(own);
  });

  it('is no other site when no browser says so', () => {
    expect(isCrossOrigin({ host })).toBe(false);
    expect(isCrossOrigin({ host, origin: 'http://evil.example' })).toBe(true);
  });
});
