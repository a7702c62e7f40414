import { createHash, timingSafeEqual } from 'node:crypto';
import type { StoredEntry } from './storedEntry.ts';

type IngestProtocol = 'rtmp' | 'rtmps' | 'rtsp' | 'whip';

/** Whether a publisher's secret is the entry's. Takes the same time however much of it is right. */
export function streamTokenMatches(
  entry: Pick<StoredEntry, 'type' | 'ingest'>,
  token: string | undefined,
  protocol: IngestProtocol,
): boolean {
  const expected = protocol === 'whip' ? entry.ingest.whipToken : entry.ingest.password;
  const matches = timingSafeEqual(digest(token ?? ''), digest(expected));
  return matches && expected !== '' && entry.type === 'live';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
