import { createHash } from 'node:crypto';
import { addressBlock } from '../../../addressBlock.ts';

/** What an encoder shows of itself at `connect`, before it says what it publishes. */
export interface ConnectingEncoder {
  readonly remoteAddress: string;
  readonly protocol: string;
  readonly flashVer: string;
  readonly tcUrl: string;
}

/**
 * Tells encoders apart that connect from one address, by their software and the server URL they were given. What an
 * encoder that is asked who it is puts behind that URL is left out: it stays the same encoder.
 */
export function encoderOrigin({ remoteAddress, protocol, flashVer, tcUrl }: ConnectingEncoder): string {
  const [serverUrl] = tcUrl.split('?authmod=', 1);
  return digest(JSON.stringify([addressBlock(remoteAddress), protocol, flashVer, serverUrl]));
}

/** Of one length, however long the text. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
