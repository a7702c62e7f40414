import { describe, expect, it } from 'vitest';
import { splitAggregate } from './aggregate.ts';
import { messageTypes, type RtmpMessage } from './message.ts';

const tag = (type: number, time: number, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.of(type, 0, 0, body.length, (time >> 16) & 255, (time >> 8) & 255, time & 255, 0, 0, 0, 0),
    body,
    Buffer.alloc(4),
  ]);
const aggregate = (...tags: Buffer[]): RtmpMessage => ({
  type: messageTypes.aggregate,
  streamId: 1,
  timestamp: 5000,
  payload: Buffer.concat(tags),
});

describe('an aggregate message', () => {
  it('is taken apart, with times that count from its own', () => {
    const message = aggregate(tag(9, 100, Buffer.of(1, 2)), tag(8, 140, Buffer.of(3)));
    expect([...splitAggregate(message)]).toEqual([
      { type: 9, streamId: 1, timestamp: 5000, payload: Buffer.of(1, 2) },
      { type: 8, streamId: 1, timestamp: 5040, payload: Buffer.of(3) },
    ]);
  });

  it('is not kept by the messages inside it', () => {
    const [first] = splitAggregate(aggregate(tag(9, 0, Buffer.alloc(6)), Buffer.alloc(100_000)));
    expect(first?.payload.buffer.byteLength).toBe(6);
  });

  it('is refused where it ends too early', () => {
    const cut = aggregate(tag(9, 0, Buffer.alloc(6)).subarray(0, 14));
    expect(() => [...splitAggregate(cut)]).toThrow('ends too early');
    expect(() => [...splitAggregate(aggregate(Buffer.alloc(5)))]).toThrow('ends too early');
  });
});
