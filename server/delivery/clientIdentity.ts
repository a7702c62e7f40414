import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { addressBlock } from '../addressBlock.ts';
import { clientAddress } from '../clientAddress.ts';

/** Tells viewers apart for counting, and for nothing else: by address and user agent. Short, whatever they send. */
export function clientIdentity(request: IncomingMessage): string {
  return hash('sha1', `${clientAddress(request)}\n${request.headers['user-agent'] ?? ''}`, 'base64url').slice(0, 16);
}

/** The network that a viewer is in. */
export function networkOf(request: IncomingMessage): string {
  return addressBlock(clientAddress(request));
}
