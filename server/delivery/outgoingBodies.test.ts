import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OutgoingBodies } from './outgoingBodies.ts';

function response(): ServerResponse {
  return Object.assign(new EventEmitter(), { destroyed: false }) as unknown as ServerResponse;
}

describe('bodies on their way', () => {
  it('are held up to a number of bytes, until their readers have them', () => {
    const bodies = new OutgoingBodies(1000);
    const [slow, other] = [response(), response()];
    expect(bodies.admits(Buffer.alloc(600), slow)).toBe(true);
    expect(bodies.admits(Buffer.alloc(600), response())).toBe(false);
    expect(bodies.admits(Buffer.alloc(400), other)).toBe(true);
    expect(bodies.bytes).toBe(1000);
    slow.emit('close');
    other.emit('close');
    expect(bodies.bytes).toBe(0);
  });

  it('that many read are held once', () => {
    const bodies = new OutgoingBodies(1000);
    const body = Buffer.alloc(900);
    const readers = Array.from({ length: 500 }, response);
    for (const reader of readers) expect(bodies.admits(body, reader)).toBe(true);
    for (const reader of readers.slice(1)) reader.emit('close');
    expect(bodies.bytes).toBe(900);
    readers[0]!.emit('close');
    expect(bodies.bytes).toBe(0);
  });

  it('that are larger than all are sent one at a time', () => {
    const bodies = new OutgoingBodies(1000);
    const first = response();
    expect(bodies.admits(Buffer.alloc(5000), first)).toBe(true);
    expect(bodies.admits(Buffer.alloc(10), response())).toBe(false);
    first.emit('close');
    expect(bodies.admits(Buffer.alloc(10), response())).toBe(true);
  });
});
