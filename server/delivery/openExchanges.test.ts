import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OpenExchanges } from './openExchanges.ts';

function from(remoteAddress: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: {} } as unknown as IncomingMessage;
}

function response(): ServerResponse {
  return new EventEmitter() as unknown as ServerResponse;
}

describe('open exchanges', () => {
  it('are only so many, until one is closed', () => {
    const open = new OpenExchanges({ all: 2, ofOneAddress: 2 });
    const first = response();
    expect(open.admits(from('192.0.2.1'), first)).toBe(true);
    expect(open.admits(from('192.0.2.2'), response())).toBe(true);
    expect(open.admits(from('192.0.2.3'), response())).toBe(false);
    first.emit('close');
    expect(open.admits(from('192.0.2.3'), response())).toBe(true);
    expect(open.count).toBe(2);
  });

  it('are fewer for one address, or one network of IPv6, but not for a proxy that speaks for all', () => {
    const open = new OpenExchanges({ all: 10, ofOneAddress: 1 });
    const asked = (address: string) => open.admits(from(address), response());
    expect([asked('192.0.2.1'), asked('192.0.2.1'), asked('::ffff:192.0.2.1')]).toEqual([true, false, false]);
    expect([asked('2001:db8::1'), asked('2001:db8::2'), asked('2001:db8:0:1::1')]).toEqual([true, false, true]);
    expect([asked('127.0.0.1'), asked('127.0.0.1'), asked('::ffff:10.0.0.1')]).toEqual([true, true, true]);
  });
});
