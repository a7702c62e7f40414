import { createHash } from 'node:crypto';

export interface AdobeExchange {
  readonly username: string;
  readonly salt: string;
  /** Ours. */
  readonly opaque: string;
  /** The client's. */
  readonly challenge: string;
}

/** What a client that knows the password answers to `authmod=adobe`: MD5 of MD5, each in base 64. */
export function adobeResponse({ username, salt, opaque, challenge }: AdobeExchange, password: string): string {
  return md5(md5(username + salt + password) + opaque + challenge);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}
