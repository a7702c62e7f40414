import { describe, expect, it } from 'vitest';
import { SignInThrottle } from './signInThrottle.ts';

const me = 'admin@localhost';

async function failures(throttle: SignInThrottle, count: number, address: (n: number) => string, email = () => me) {
  let refused = 0;
  for (let n = 0; n < count; n += 1) if ((await throttle.attempt(address(n), email())) !== undefined) refused += 1;
  return refused;
}

describe('the sign-in throttle', () => {
  it('stops an address that tries many accounts', async () => {
    let n = 0;
    expect(
      await failures(
        new SignInThrottle(),
        40,
        () => '198.51.100.1',
        () => `user${(n += 1)}@localhost`,
      ),
    ).toBe(10);
  });

  it('takes the addresses of one IPv6 host for one', async () => {
    expect(await failures(new SignInThrottle(), 7, (n) => `2001:db8::${n + 1}`)).toBe(1);
  });

  it('stops guessing at one account from everywhere, except where it has been signed in to', async () => {
    const throttle = new SignInThrottle();
    await throttle.attempt('203.0.113.9', me);
    await throttle.succeeded('203.0.113.9', me);
    expect(await failures(throttle, 150, (n) => `198.51.100.${n}`)).toBe(50);
    expect(await throttle.attempt('192.0.2.1', me)).toBeGreaterThan(0);
    expect(await throttle.attempt('203.0.113.9', me)).toBeUndefined();
  });

  it('does not let one address use up the attempts of all', async () => {
    const throttle = new SignInThrottle();
    await failures(throttle, 200, () => '198.51.100.1');
    expect(await throttle.attempt('192.0.2.1', me)).toBeUndefined();
  });
});
