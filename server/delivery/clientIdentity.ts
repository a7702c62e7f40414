import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

/** Addresses that a proxy of our own has. */
const ownNetwork = new BlockList();
ownNetwork.addSubnet('127.0.0.0', 8);
ownNetwork.addSubnet('10.0.0.0', 8);
ownNetwork.addSubnet('172.16.0.0', 12);
ownNetwork.addSubnet('192.168.0.0', 16);
ownNetwork.addAddress('::1', 'ipv6');
ownNetwork.addSubnet('fc00::', 7, 'ipv6');

/** Tells viewers apart for counting, and for nothing else: by address and user agent. Short, whatever they send. */
export function clientIdentity(request: IncomingMessage): string {
  const address = viewerAddress(request);
  return hash('sha1', `${address}\n${request.headers['user-agent'] ?? ''}`, 'base64url').slice(0, 16);
}

/** The nearest proxy's word for who asked, when it is in our own network; else who connected. */
function viewerAddress({ socket, headers }: IncomingMessage): string {
  const peer = socket.remoteAddress ?? '';
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined || !ownNetwork.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4')) return peer;
  return (Array.isArray(forwarded) ? forwarded.join(',') : forwarded).split(',').at(-1)!.trim();
}
