import { describe, expect, it } from 'vitest';
import { encoderOrigin } from './encoderOrigin.ts';
import { KeylessConnects } from './keylessConnects.ts';

const seen = {
  remoteAddress: '192.0.2.7',
  protocol: 'rtmp',
  flashVer: 'FMLE/3.0 (compatible; Lavf59.27.100)',
  tcUrl: 'rtmp://live.example/live',
};
const encoder = encoderOrigin(seen);
const another = encoderOrigin({ ...seen, flashVer: 'FMLE/3.0 (compatible; FMSc/1.0)' });
const name = '0_aaaaaaaa_1';

function after(...keyless: [origin: string, name: string][]) {
  let now = 0;
  const connects = new KeylessConnects(() => now);
  const publish = (publishes: [origin: string, name: string][]) => {
    for (const [origin, publishName] of publishes) connects.cameWithoutKey(origin, publishName);
  };
  publish(keyless);
  const ask = (times: number, origin = encoder) => Array.from({ length: times }, () => connects.shouldAsk(origin));
  return { connects, publish, ask, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('KeylessConnects', () => {
  it('asks nobody who has not come without a key twice', () => {
    expect(after().ask(1)).toEqual([false]);
    const { ask, publish } = after([encoder, name], [another, name]);
    expect(ask(1)).toEqual([false]);
    publish([[encoder, name]]);
    expect(ask(1, another)).toEqual([false]);
    expect(ask(1)).toEqual([true]);
  });

  it('counts each name for itself, and asks as many as came twice', () => {
    expect(after([encoder, '0_aaaaaaaa_1'], [encoder, '0_bbbbbbbb_1']).ask(1)).toEqual([false]);
    const both: [string, string][] = [[encoder, '0_aaaaaaaa_1'], [encoder, '0_aaaaaaaa_2']]; // prettier-ignore
    expect(after(...both, ...both).ask(3)).toEqual([true, true, false]);
  });

  it('lets in who was asked and comes again without an answer: its key may follow', () => {
    expect(after([encoder, name], [encoder, name]).ask(3)).toEqual([true, false, false]);
  });

  it('does not ask who has brought the right token with its name, for a day', () => {
    const { connects, publish, ask, pass } = after([encoder, name], [encoder, name]);
    connects.broughtRightToken(encoder);
    pass(24 * 3600 - 1);
    publish([[encoder, name], [encoder, name]]); // prettier-ignore
    expect(ask(2)).toEqual([false, false]);
    pass(1);
    publish([[encoder, name], [encoder, name]]); // prettier-ignore
    expect(ask(1)).toEqual([true]);
  });

  it('forgets after a minute, and when a key has come', () => {
    const { connects, publish, ask, pass } = after([encoder, name], [encoder, name]);
    pass(60);
    expect(ask(1)).toEqual([false]);
    publish([[encoder, name]]);
    connects.knowsTheWay(encoder);
    publish([[encoder, name]]);
    expect(ask(1)).toEqual([false]);
  });

  it('remembers a bounded number of encoders and names, the latest', () => {
    const { connects } = after();
    for (let index = 0; index < 12_000; index += 1) {
      connects.cameWithoutKey(`a${index}`, name);
      connects.broughtRightToken(`b${index}`);
    }
    expect(connects.size).toBeLessThanOrEqual(20_000);
    const { publish, ask } = after();
    for (let round = 0; round < 2; round += 1)
      for (let index = 0; index < 100; index += 1) publish([[encoder, `x${index}`]]);
    expect(ask(1)).toEqual([false]);
  });
});

describe('encoderOrigin', () => {
  it('is the same for one software at one address, before and after it is asked', () => {
    expect(encoderOrigin({ ...seen, tcUrl: `${seen.tcUrl}?authmod=adobe&user=pub` })).toBe(encoder);
    expect(encoderOrigin({ ...seen, remoteAddress: '::ffff:192.0.2.7' })).toBe(encoder);
  });

  it('differs by address, protocol, software and server URL, and is short', () => {
    const others = [
      { ...seen, remoteAddress: '192.0.2.8' },
      { ...seen, protocol: 'rtmps' },
      { ...seen, flashVer: 'OBS' },
      { ...seen, tcUrl: 'rtmp://live.example/live?i=1' },
      { ...seen, flashVer: 'x'.repeat(60_000) },
    ].map(encoderOrigin);
    expect(new Set([encoder, ...others]).size).toBe(6);
    expect(others.every(({ length }) => length === 22)).toBe(true);
  });
});
