import { describe, expect, it } from 'vitest';
import { hashPassword, passwordMatches } from './passwordHash.ts';

describe('a password’s hash', () => {
  it('matches that password only, and differs each time', async () => {
    const [first, second] = [await hashPassword('pässword'), await hashPassword('pässword')];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(await passwordMatches('pässword', first)).toBe(true);
    expect(await passwordMatches('pässwort', first)).toBe(false);
    expect(await passwordMatches('', first)).toBe(false);
  });

  it.each(['', 'plain', '$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA', '$argon2id$v=19$m=,t=1,p=1$x$y'])(
    'that cannot be read matches nothing: %j',
    async (hash) => {
      expect(await passwordMatches('password', hash)).toBe(false);
    },
  );
});
