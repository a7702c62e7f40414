import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

/** Addresses that a proxy of our own has: this machine's and those of private networks. */
const ownNetwork = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  ownNetwork.addSubnet(network, prefix);
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  ownNetwork.addSubnet(network, prefix, 'ipv6');

/** Whether what this address says about whom it speaks for is believed. */
export function isOwnNetwork(address: string): boolean {
  return ownNetwork.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Who asks: the one who connected, or whom the proxies in our own network name. */
export function clientAddress({ socket, headers }: IncomingMessage): string {
  let address = socket.remoteAddress ?? '';
  const forwarded = headers['x-forwarded-for'];
  const named = forwarded === undefined ? [] : [forwarded].flat().join(',').split(',');
  while (isOwnNetwork(address)) {
    const before = named.pop()?.trim();
    if (!before) break;
    address = before;
  }
  return address;
}
