import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../clientAddress.ts';

/** Tells viewers apart for counting, and for nothing else: by address and user agent. Short, whatever they send. */
export function clientIdentity(request: IncomingMessage): string {
  return hash('sha1', `${clientAddress(request)}\n${request.headers['user-agent'] ?? ''}`, 'base64url').slice(0, 16);
}
