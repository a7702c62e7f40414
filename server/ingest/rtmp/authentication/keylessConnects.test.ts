import { describe, expect, it } from 'vitest';
import { KeylessConnects } from './keylessConnects.ts';

const encoder = '192.0.2.7';

function after(...keyless: string[]) {
  let now = 0;
  const connects = new KeylessConnects(() => now);
  for (const address of keyless) connects.cameWithoutKey(address);
  return { connects, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('KeylessConnects', () => {
  it('asks nobody who has not come without a key twice in a row', () => {
    expect(after().connects.shouldAsk(encoder)).toBe(false);
    const { connects } = after(encoder, '192.0.2.8');
    expect(connects.shouldAsk(encoder)).toBe(false);
    connects.cameWithoutKey(encoder);
    expect(connects.shouldAsk(encoder)).toBe(true);
    expect(connects.shouldAsk('192.0.2.8')).toBe(false);
  });

  it('lets in who was asked and comes again without an answer: its key may follow', () => {
    const { connects } = after(encoder, encoder);
    expect([connects.shouldAsk(encoder), connects.shouldAsk(encoder), connects.shouldAsk(encoder)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('forgets after a minute, and when a key has come', () => {
    const { connects, pass } = after(encoder, encoder);
    pass(60);
    expect(connects.shouldAsk(encoder)).toBe(false);
    connects.cameWithoutKey(encoder);
    connects.knowsTheWay(encoder);
    connects.cameWithoutKey(encoder);
    expect(connects.shouldAsk(encoder)).toBe(false);
  });

  it('remembers a bounded number of addresses, the latest', () => {
    const { connects } = after();
    for (let index = 0; index < 12_000; index += 1)
      connects.cameWithoutKey(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(connects.size).toBeLessThanOrEqual(10_000);
  });
});
