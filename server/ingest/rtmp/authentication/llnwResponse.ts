import { createHash } from 'node:crypto';

export interface LlnwExchange {
  readonly username: string;
  /** As the client sent it, without what it appended. */
  readonly application: string;
  /** Ours. */
  readonly nonce: string;
  /** The client's. */
  readonly clientNonce: string;
  readonly count: string;
}

/** What a client that knows the password answers to `authmod=llnw`: HTTP's Digest with fixed realm, method and instance. */
export function llnwResponse(exchange: LlnwExchange, password: string): string {
  const { username, application, nonce, clientNonce, count } = exchange;
  const instance = application.includes('/') ? application : `${application}/_definst_`;
  return md5(
    [md5(`${username}:live:${password}`), nonce, count, clientNonce, 'auth', md5(`publish:/${instance}`)].join(':'),
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
