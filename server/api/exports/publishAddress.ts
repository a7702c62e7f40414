import type { Ingest } from '../../../shared/model/entry.ts';

/** Where to publish, as encoders with two fields (server and stream key) want it, and those with one. */
export interface PublishAddress {
  /** Without any secret: encoders hide only the key. */
  readonly server: string;
  readonly key: string;
  readonly url: string;
}

/** Of one of the entry's RTMP addresses; all of its query goes with the stream's name. `index` is the stream's `<n>`. */
export function publishAddress(ingestUrl: string, ingest: Ingest, index = 1): PublishAddress {
  const [server = '', query = ''] = ingestUrl.split('?', 2);
  const key = `${ingest.streamName.replace('%i', String(index))}${query && `?${query}`}`;
  return { server, key, url: `${server}/${key}` };
}

/** RTSP carries user name and password apart from the address, where every client finds them. */
export function rtspPublishUrl({ username, password }: Ingest, rtspUrl: string): string {
  const credentials = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
  return rtspUrl.replace('%i', '1').replace(/\?.*$/, '').replace('://', `://${credentials}@`);
}
