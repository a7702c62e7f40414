import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress, isOwnNetwork } from './clientAddress.ts';

function request(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('who asks', () => {
  it.each([
    ['nobody between', '203.0.113.5', undefined, '203.0.113.5'],
    ['a proxy on this machine', '127.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['a proxy in the container network', '::ffff:172.18.0.2', '203.0.113.5', '203.0.113.5'],
    ['two proxies of our own', '::1', '203.0.113.5, 10.0.0.7', '203.0.113.5'],
    ['a proxy that was told a story by its client', '127.0.0.1', '198.51.100.1, 203.0.113.5', '203.0.113.5'],
    ['a stranger that tells a story', '203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['a proxy that says nothing', 'fd00::2', '', 'fd00::2'],
    ['somebody on the local network', '127.0.0.1', '192.168.1.20', '192.168.1.20'],
    ['a connection that is gone', undefined, undefined, ''],
  ])('with %s', (_, peer, forwarded, address) => {
    expect(clientAddress(request(peer, forwarded))).toBe(address);
  });

  it('takes nothing for our own network that is not an address in it', () => {
    for (const address of ['', 'unknown', '10.0.0', '11.0.0.1', '2001:db8::1'])
      expect(isOwnNetwork(address)).toBe(false);
  });
});
