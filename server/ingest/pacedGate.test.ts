import { describe, expect, it } from 'vitest';
import { isRefusal, refuse, type ErrorCode, type Refusal } from '../errors.ts';
import { PacedGate } from './pacedGate.ts';
import type { Publication, PublishRequest } from './publishGate.ts';

const entry = '0_aaaaaaaa';
const publication: Publication = { entryId: entry, start: () => undefined, end: () => undefined };

function open() {
  let nowMs = 0;
  const gate = new PacedGate(
    {
      publish: ({ token, streamName }: PublishRequest): Promise<Publication | Refusal> => {
        if (!streamName.startsWith(entry)) return Promise.resolve(refuse('entryNotFound'));
        return Promise.resolve(token === 'right' ? publication : refuse('invalidStreamToken'));
      },
      authenticate: ({ credentials }) =>
        Promise.resolve(credentials.matches('right') ? undefined : refuse('invalidStreamToken')),
    },
    () => nowMs,
  );
  /** The answer, and how long it is held. */
  const publish = async (remoteAddress: string, token: string, streamName = `${entry}_1`): Promise<string | number> => {
    const disconnect = () => undefined;
    const answer = await gate.publish({
      protocol: 'rtmp', remoteAddress, streamName, token, backup: false, disconnect,
    }); // prettier-ignore
    return isRefusal(answer) ? (answer.heldMs ?? 0) : 'allowed';
  };
  const fail = async (times: number, addressOf: (attempt: number) => string, streamName?: string) => {
    const held: (string | number)[] = [];
    for (let attempt = 0; attempt < times; attempt += 1)
      held.push(await publish(addressOf(attempt), 'wrong', streamName));
    return held;
  };
  return { gate, publish, fail, pass: (ms: number) => (nowMs += ms) };
}

describe('PacedGate', () => {
  it('answers an address at once until it has been wrong ten times in a minute, then once a second', async () => {
    const { publish, fail, pass } = open();
    expect(await fail(10, () => '192.0.2.1')).toEqual(Array(10).fill(0));
    expect(await fail(3, () => '192.0.2.1')).toEqual([1000, 2000, 3000]);
    pass(2500);
    expect(await publish('192.0.2.1', 'wrong')).toBe(1500);
    pass(60_000);
    expect(await publish('192.0.2.1', 'wrong')).toBe(0);
  });

  it('lets the right key in at once, whatever else comes from its address, and has all wrong ones wait', async () => {
    const { publish, fail } = open();
    await fail(10, () => '192.0.2.1');
    const wrong = Array.from({ length: 30 }, () => publish('192.0.2.1', 'wrong'));
    expect(await publish('192.0.2.1', 'right')).toBe('allowed');
    const held = await Promise.all(wrong);
    expect(held.slice(0, 8)).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000]);
    expect(held.slice(8)).toEqual(Array(22).fill(8000));
  });

  it('does not let one address’s failures slow another down, on the same entry', async () => {
    const { publish, fail } = open();
    await fail(40, (attempt) => `192.0.2.${Math.floor(attempt / 10)}`);
    expect(await publish('198.51.100.1', 'wrong')).toBe(0);
  });

  it('takes an IPv6 network for one address', async () => {
    const { publish, fail } = open();
    await fail(10, (attempt) => `2001:db8::${attempt}`);
    expect([await publish('2001:db8::ffff', 'wrong'), await publish('2001:db8:0:1::1', 'wrong')]).toEqual([1000, 0]);
  });

  it('has everybody wait who is wrong about an entry that is guessed at from everywhere, and nobody else', async () => {
    const { publish, fail, pass } = open();
    expect(await fail(50, (attempt) => `192.0.2.${attempt}`)).toEqual(Array(50).fill(0));
    expect(await fail(10, (attempt) => `203.0.113.${attempt}`)).toEqual(
      [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 8000, 8000], // prettier-ignore
    );
    expect(await publish('198.51.100.1', 'right')).toBe('allowed');
    expect(await publish('198.51.100.1', 'wrong', '0_bbbbbbbb_1')).toBe(0);
    pass(10 * 60_000);
    expect(await publish('198.51.100.2', 'wrong')).toBe(0);
  });

  it('counts guesses of entries, and of passwords, as well', async () => {
    const { gate, publish, fail } = open();
    await fail(10, () => '192.0.2.1', '0_bbbbbbbb_1');
    expect(await publish('192.0.2.1', 'wrong')).toBe(1000);
    const login = (remoteAddress: string, password: string) =>
      gate.authenticate({
        protocol: 'rtmp',
        remoteAddress,
        credentials: { username: entry, matches: (expected) => expected === password },
      });
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await login('192.0.2.2', 'wrong'))?.heldMs).toBeUndefined();
    expect(await login('192.0.2.2', 'wrong')).toMatchObject({ refused: 'invalidStreamToken', heldMs: 1000 });
    expect(await login('192.0.2.2', 'right')).toBeUndefined();
  });

  it.each<ErrorCode>(['alreadyBroadcasting', 'overloaded', 'badRequest'])(
    'neither counts nor holds what is refused as %s',
    async (code) => {
      const gate = new PacedGate(
        { publish: () => Promise.resolve(refuse(code)), authenticate: () => Promise.resolve(undefined) },
        () => 0,
      );
      const request: PublishRequest = {
        protocol: 'rtmp', remoteAddress: '192.0.2.1', streamName: `${entry}_1`, backup: false, disconnect: () => undefined,
      }; // prettier-ignore
      for (let attempt = 0; attempt < 60; attempt += 1) expect(await gate.publish(request)).toEqual(refuse(code));
    },
  );
});
