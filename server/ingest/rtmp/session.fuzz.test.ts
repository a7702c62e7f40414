import { randomBytes } from 'node:crypto';
import { duplexPair } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Source } from '../source.ts';
import { ConnectAuthenticator } from './authentication/connectAuthenticator.ts';
import { defaultRtmpLimits } from './limits.ts';
import { RtmpSession } from './session.ts';
import {
  audioHeaderBody,
  encodeMedia,
  encodeMetadata,
  encodePublish,
  encodeSecond,
  videoHeaderBody,
} from './encoder.fixture.ts';

const session = Buffer.concat([
  encodePublish('live?token=t0k', '0_abcdefgh_1'),
  encodeMetadata({ videocodecid: 7, audiocodecid: 10, width: 320, nested: { list: [1, 'a', null] } }),
  encodeMedia('video', 0, videoHeaderBody),
  encodeMedia('audio', 0, audioHeaderBody),
  encodeSecond(0),
  encodeSecond(1000),
]);
const handshakeEnd = 3073;
const inputs = 3000;

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

/** Flips, overwrites, removes, repeats and inserts, mostly behind the handshake. */
function mutate(random: (below: number) => number): Buffer {
  let bytes = Buffer.from(session);
  for (let count = 1 + random(6); count > 0; count -= 1) {
    const from = random(20) === 0 ? 0 : Math.min(handshakeEnd, bytes.length - 1);
    const at = from + random(Math.max(1, random(3) === 0 ? bytes.length - from : 700));
    const length = 1 + random(40);
    const piece = Buffer.from(Array.from({ length }, () => (random(3) === 0 ? 0xff : random(256))));
    const choice = random(5);
    if (choice === 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (choice === 1) piece.copy(bytes, Math.min(at, bytes.length));
    else if (choice === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (choice === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  }
  return bytes;
}

describe('RtmpSession under attack', () => {
  it('survives thousands of damaged broadcasts, ends each publication once and leaves nothing behind', async () => {
    const random = newRandom(20_240_607);
    const failures: unknown[] = [];
    const log = pino({ level: 'error' }, { write: (line) => failures.push(line) });
    const counts = { allowed: 0, started: 0, ended: 0 };
    const unhandled = (error: unknown) => failures.push(error);
    process.on('uncaughtException', unhandled);
    process.on('unhandledRejection', unhandled);
    const heapBefore = process.memoryUsage().rss;

    for (let index = 0; index < inputs; index += 1) {
      const [client, server] = duplexPair();
      client.resume();
      const victim = new RtmpSession(server, {
        protocol: 'rtmp',
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
          authenticate: async () => undefined,
        },
        authenticator: new ConnectAuthenticator(randomBytes, () => index),
        limits: defaultRtmpLimits,
        log,
        now: () => index,
      });
      const bytes = mutate(random);
      for (let offset = 0; offset < bytes.length;) {
        const length = 1 + random(4000);
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
    expect(counts.allowed).toBeGreaterThan(inputs / 4);
    expect(counts.started).toBeGreaterThan(inputs / 10);
    expect(process.memoryUsage().rss - heapBefore).toBeLessThan(400 * 1024 * 1024);
  });
});
