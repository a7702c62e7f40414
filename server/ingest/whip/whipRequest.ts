import type { IncomingMessage } from 'node:http';

/** What a request below `/whip/` is about. */
export interface WhipRequest {
  readonly method: string;
  readonly entryId: string;
  /** Absent for the endpoint itself. */
  readonly sessionId?: string;
  /** From `Authorization: Bearer`, or `?token=` for clients that can only be given a URL. */
  readonly token?: string;
  /** `?i=1`, as in the other protocols' backup addresses. */
  readonly backup: boolean;
}

const path = /^\/whip\/([A-Za-z0-9_-]{1,64})(?:\/([A-Za-z0-9_-]{1,64}))?\/?$/;
const maximumTokenLength = 512;

/** Undefined for paths that are not WHIP's. */
export function parseWhipRequest({ method = '', url = '', headers }: IncomingMessage): WhipRequest | undefined {
  const [pathname = '', query = ''] = url.split('?', 2);
  const [, entryId, sessionId] = path.exec(pathname) ?? [];
  if (entryId === undefined) return undefined;
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization?.trim() ?? '') ?? [];
  const values = new URLSearchParams(query);
  const token = (bearer ?? values.get('token') ?? undefined)?.slice(0, maximumTokenLength);
  const backup = values.get('i') === '1';
  return { method, entryId, backup, ...(sessionId ? { sessionId } : {}), ...(token ? { token } : {}) };
}
