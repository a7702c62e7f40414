import type { Ingest } from '../../../shared/model/entry.ts';
import { firstStreamName } from '../../../shared/urls.ts';

/** An ingest URL without the key, which then goes with the stream's name: encoders hide that field. */
export function keylessUrl(ingestUrl: string): string {
  const [base = '', query = ''] = ingestUrl.split('?', 2);
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('token='));
  return kept.length > 0 ? `${base}?${kept.join('&')}` : base;
}

/** What goes into an encoder's "stream key" field: the stream's name with its key. */
export function streamKey(ingest: Pick<Ingest, 'streamName' | 'password'>): string {
  return `${firstStreamName(ingest.streamName)}?token=${encodeURIComponent(ingest.password)}`;
}
