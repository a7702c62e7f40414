import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRefusal, refuse, type Refusal } from '../errors.ts';
import { PacedGate } from './pacedGate.ts';
import type { Publication, PublishRequest } from './publishGate.ts';

const entry = '0_aaaaaaaa';
const publication: Publication = { entryId: entry, start: () => undefined, end: () => undefined };

function open() {
  const judged: string[] = [];
  const gate = new PacedGate({
    publish: ({ token, remoteAddress, streamName }: PublishRequest): Promise<Publication | Refusal> => {
      judged.push(remoteAddress);
      if (!streamName.startsWith(entry)) return Promise.resolve(refuse('entryNotFound'));
      return Promise.resolve(token === 'right' ? publication : refuse('invalidStreamToken'));
    },
    authenticate: ({ credentials, remoteAddress }) => {
      judged.push(remoteAddress);
      return Promise.resolve(credentials.matches('right') ? undefined : refuse('invalidStreamToken'));
    },
  });
  const publish = async (remoteAddress: string, token: string, streamName = `${entry}_1`): Promise<string> => {
    const disconnect = () => undefined;
    const answer = await gate.publish({
      protocol: 'rtmp', remoteAddress, streamName, token, backup: false, disconnect,
    }); // prettier-ignore
    return isRefusal(answer) ? answer.refused : 'allowed';
  };
  const fail = async (times: number, addressOf: (attempt: number) => string, streamName?: string) => {
    for (let attempt = 0; attempt < times; attempt += 1) await publish(addressOf(attempt), 'wrong', streamName);
  };
  return { gate, judged, publish, fail };
}

/** Whether it has been answered without the clock going on. */
async function isAnswered(answer: Promise<unknown>): Promise<boolean> {
  const waiting = Symbol('waiting');
  const turns = (async () => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    return waiting;
  })();
  return (await Promise.race([answer, turns])) !== waiting;
}

describe('PacedGate', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('judges an address at once until it has been wrong ten times in a minute, then once a second', async () => {
    const { publish, fail, judged } = open();
    await fail(10, () => '192.0.2.1');
    const next = publish('192.0.2.1', 'wrong');
    expect([await isAnswered(next), judged.length]).toEqual([false, 10]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([await next, judged.length]).toEqual(['invalidStreamToken', 11]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await isAnswered(publish('192.0.2.1', 'wrong'))).toBe(true);
  });

  it('lets the right key in from the same address, in its turn', async () => {
    const { publish, fail } = open();
    await fail(10, () => '192.0.2.1');
    const wrong = publish('192.0.2.1', 'wrong');
    const right = publish('192.0.2.1', 'right');
    await vi.advanceTimersByTimeAsync(2000);
    expect([await wrong, await right]).toEqual(['invalidStreamToken', 'allowed']);
  });

  it('refuses unjudged what would wait behind many others, and remembers nothing of it', async () => {
    const { publish, fail, judged } = open();
    await fail(10, () => '192.0.2.1');
    const answers = Array.from({ length: 30 }, () => publish('192.0.2.1', 'wrong'));
    await vi.advanceTimersByTimeAsync(8000);
    const refused = (await Promise.all(answers)).filter((answer) => answer === 'tooManyRequests');
    expect([refused.length, judged.length]).toEqual([22, 18]);
  });

  it('does not let one address’s failures slow another down, on the same entry', async () => {
    const { publish, fail } = open();
    await fail(40, (attempt) => `192.0.2.${Math.floor(attempt / 10)}`);
    expect(await isAnswered(publish('198.51.100.1', 'right'))).toBe(true);
  });

  it('takes an IPv6 network for one address', async () => {
    const { publish, fail } = open();
    await fail(10, (attempt) => `2001:db8::${attempt}`);
    expect(await isAnswered(publish('2001:db8::ffff', 'wrong'))).toBe(false);
    expect(await isAnswered(publish('2001:db8:0:1::1', 'wrong'))).toBe(true);
  });

  it('has strangers wait, and nobody else, at an entry that is guessed at from everywhere', async () => {
    const { publish, fail } = open();
    expect(await publish('198.51.100.1', 'right')).toBe('allowed');
    await fail(50, (attempt) => `192.0.2.${attempt}`);
    expect(await isAnswered(publish('198.51.100.1', 'right'))).toBe(true);
    const stranger = publish('198.51.100.2', 'right');
    expect(await isAnswered(stranger)).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await stranger).toBe('allowed');
  });

  it('counts guesses of entries, and of passwords, as well', async () => {
    const { gate, publish, fail } = open();
    await fail(10, () => '192.0.2.1', '0_bbbbbbbb_1');
    expect(await isAnswered(publish('192.0.2.1', 'right'))).toBe(false);
    const login = (remoteAddress: string, password: string) =>
      gate.authenticate({
        protocol: 'rtmp',
        remoteAddress,
        credentials: { username: entry, matches: (expected) => expected === password },
      });
    for (let attempt = 0; attempt < 10; attempt += 1) await login('192.0.2.2', 'wrong');
    expect(await isAnswered(login('192.0.2.2', 'right'))).toBe(false);
    expect(await login('192.0.2.3', 'right')).toBeUndefined();
  });

  it('does not count what is refused for other reasons', async () => {
    const gate = new PacedGate({
      publish: () => Promise.resolve(refuse('alreadyBroadcasting')),
      authenticate: () => Promise.resolve(undefined),
    });
    const request: PublishRequest = {
      protocol: 'rtmp', remoteAddress: '192.0.2.1', streamName: `${entry}_1`, backup: false, disconnect: () => undefined,
    }; // prettier-ignore
    for (let attempt = 0; attempt < 20; attempt += 1) await gate.publish(request);
    expect(await isAnswered(gate.publish(request))).toBe(true);
  });
});
