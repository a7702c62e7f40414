import { createHash } from 'node:crypto';
import type { PublishCredentials } from '../publishGate.ts';
import { isSameSecret } from '../../sameSecret.ts';

const realm = 'Tallylight';

/** What an Authorization header proves, if anything. */
export type Authorization =
  | { readonly kind: 'credentials'; readonly credentials: PublishCredentials }
  /** The challenge it answers is not ours, or too old. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'none' };

/** The challenges of a 401: Digest for those who know it, Basic for the others (RFC 7617, RFC 7616 with MD5, as encoders have it). */
export function challenges(nonce: string, stale: boolean): [name: string, value: string][] {
  const digest = `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5${stale ? ', stale=true' : ''}`;
  return [
    ['WWW-Authenticate', digest],
    ['WWW-Authenticate', `Basic realm="${realm}"`],
  ];
}

/** `isFresh` says whether a nonce was given to this connection and may still be used. */
export function readAuthorization(
  header: string | undefined,
  method: string,
  isFresh: (nonce: string) => boolean,
): Authorization {
  const [, scheme = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') return readBasic(rest);
  if (scheme.toLowerCase() === 'digest') return readDigest(rest, method, isFresh);
  return { kind: 'none' };
}

function readBasic(encoded: string): Authorization {
  const text = Buffer.from(encoded.trim(), 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return { kind: 'none' };
  const given = text.slice(colon + 1);
  const credentials = {
    username: text.slice(0, colon),
    matches: (password: string) => isSameSecret(given, password),
  };
  return { kind: 'credentials', credentials };
}

function readDigest(text: string, method: string, isFresh: (nonce: string) => boolean): Authorization {
  const fields = readFields(text);
  const { username, nonce, uri, response, algorithm = 'MD5' } = fields;
  if (username === undefined || nonce === undefined || uri === undefined || response === undefined)
    return { kind: 'none' };
  if (algorithm.toUpperCase() !== 'MD5') return { kind: 'none' };
  if (!isFresh(nonce)) return { kind: 'stale' };
  const credentials = {
    username,
    matches: (password: string) =>
      isSameSecret(response.toLowerCase(), digestResponse({ ...fields, username, nonce, uri, password, method })),
  };
  return { kind: 'credentials', credentials };
}

interface DigestInput {
  readonly username: string;
  readonly password: string;
  readonly realm?: string;
  readonly nonce: string;
  readonly uri: string;
  readonly method: string;
  readonly qop?: string;
  readonly nc?: string;
  readonly cnonce?: string;
}

/** RFC 7616 3.4.1, and as it was before `qop` (RFC 2069), which GStreamer and others still send. */
export function digestResponse(input: DigestInput): string {
  const user = md5(`${input.username}:${input.realm ?? realm}:${input.password}`);
  const request = md5(`${input.method}:${input.uri}`);
  const between = input.qop ? `${input.nonce}:${input.nc}:${input.cnonce}:${input.qop}` : input.nonce;
  return md5(`${user}:${between}:${request}`);
}

/** `name="quoted \" text"` or `name=token`, separated by commas. */
function readFields(text: string): Partial<Record<string, string>> {
  const fields: Partial<Record<string, string>> = {};
  for (const [, name = '', quoted, token] of text.matchAll(/(\w{1,32})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g))
    fields[name.toLowerCase()] ??= quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1');
  return fields;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
