import { duplexPair } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Source } from '../source.ts';
import { encodeBeginning, encodeMedia, encodeRequest, streamUrl } from './rtspBytes.fixture.ts';
import { defaultRtspLimits } from './limits.ts';
import { RtspSession } from './session.ts';

const beginning = encodeBeginning();
const broadcast = Buffer.concat([
  beginning,
  encodeMedia({ pictures: 30, videoStart: 2 ** 32 - 40_000, audioStart: 2 ** 32 - 20_000 }),
  encodeRequest('GET_PARAMETER', streamUrl, 5),
  encodeRequest('TEARDOWN', streamUrl, 6),
]);
const inputs = 20_000;

/** mulberry32: the same inputs in every run. */
function newRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Flips, overwrites, removes, repeats and inserts, mostly in the media. */
function mutate(random: (below: number) => number): Buffer {
  let bytes = Buffer.from(broadcast);
  for (let count = 1 + random(6); count > 0; count -= 1) {
    const from = random(6) === 0 ? 0 : beginning.length;
    const at = from + random(Math.max(1, bytes.length - from));
    const length = 1 + random(40);
    const piece = Buffer.from(Array.from({ length }, () => (random(3) === 0 ? 0xff : random(256))));
    const choice = random(6);
    if (choice <= 1 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (choice === 2) piece.copy(bytes, Math.min(at, bytes.length));
    else if (choice === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (choice === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  }
  return bytes;
}

describe('RtspSession under attack', () => {
  it('survives tens of thousands of damaged broadcasts, ends each publication once and leaves nothing behind', async () => {
    const random = newRandom(20_261_122);
    const failures: unknown[] = [];
    const log = pino({ level: 'error' }, { write: (line) => failures.push(line) });
    const counts = { allowed: 0, started: 0, ended: 0 };
    const unhandled = (error: unknown) => failures.push(error);
    process.on('uncaughtException', unhandled);
    process.on('unhandledRejection', unhandled);
    const memoryBefore = process.memoryUsage().rss;

    for (let index = 0; index < inputs; index += 1) {
      const [client, server] = duplexPair();
      client.resume();
      const victim = new RtspSession(server, {
        remoteAddress: '192.0.2.1',
        gate: {
          publish: async () => {
            counts.allowed += 1;
            return {
              entryId: '0_abcdefgh',
              start: (source: Source) => {
                counts.started += 1;
                void source.open().then(
                  (reading) => reading.start(),
                  () => undefined, // gone already
                );
              },
              end: () => (counts.ended += 1),
            };
          },
        },
        limits: defaultRtspLimits,
        log,
        now: () => index,
        monotonicNow: () => index,
      });
      const bytes = mutate(random);
      for (let offset = 0; offset < bytes.length;) {
        const length = 1 + random(8000);
        client.write(bytes.subarray(offset, offset + length));
        offset += length;
      }
      client.end();
      await victim.ended;
    }

    process.off('uncaughtException', unhandled);
    process.off('unhandledRejection', unhandled);
    expect(failures).toEqual([]);
    expect(counts.ended).toBe(counts.allowed);
    // Not so damaged that nothing would get through.
    expect(counts.allowed).toBeGreaterThan(inputs / 2);
    expect(counts.started).toBeGreaterThan(inputs / 4);
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300 * 1024 * 1024);
  }, 120_000);
});
