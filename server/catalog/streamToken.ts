import { isSameSecret } from '../sameSecret.ts';
import type { StoredEntry } from './storedEntry.ts';

type IngestProtocol = 'rtmp' | 'rtmps' | 'rtsp' | 'whip';

/** Whether a publisher's secret is the entry's. Takes the same time however much of it is right. */
export function streamTokenMatches(
  entry: Pick<StoredEntry, 'type' | 'ingest'>,
  token: string | undefined,
  protocol: IngestProtocol,
): boolean {
  const expected = protocol === 'whip' ? entry.ingest.whipToken : entry.ingest.password;
  const matches = isSameSecret(token ?? '', expected);
  return matches && expected !== '' && entry.type === 'live';
}

/** What a publisher brought to show that it may. */
export interface PublisherProof {
  readonly protocol: IngestProtocol;
  readonly token?: string;
  readonly credentials?: { readonly username: string; matches(password: string): boolean };
}

/** Whether the publisher may come in. That a key has expired is said to those only who have it. */
export function judgePublisher(
  entry: Pick<StoredEntry, 'type' | 'ingest'>,
  proof: PublisherProof,
  nowMs: number,
): 'right' | 'wrong' | 'expired' {
  if (!publisherMatches(entry, proof)) return 'wrong';
  const { expiresAtMs } = entry.ingest;
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'right';
}

/** Whether the publisher has the entry's token, or its user name and password. */
export function publisherMatches(
  entry: Pick<StoredEntry, 'type' | 'ingest'>,
  { protocol, token, credentials }: PublisherProof,
): boolean {
  if (streamTokenMatches(entry, token, protocol)) return true;
  const { username, password } = entry.ingest;
  if (!credentials || protocol === 'whip' || entry.type !== 'live' || password === '') return false;
  const named = isSameSecret(credentials.username, username);
  return credentials.matches(password) && named;
}
