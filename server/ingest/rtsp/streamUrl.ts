/** The path encoders publish below: `rtsp://host:8554/live/<id>_1`. */
const application = 'live';

export interface StreamUrl {
  /** Without query and track. */
  readonly streamName: string;
  readonly token?: string;
  /** `i=1`: the backup URL. */
  readonly backup: boolean;
}

/** Reads the URL of ANNOUNCE; undefined when it is not below the application. */
export function parseStreamUrl(url: string): StreamUrl | undefined {
  const [, path = '', query = ''] = /^rtsps?:\/\/[^/?]*\/([^?]*)(?:\?(.*))?$/i.exec(url) ?? [];
  const [first, ...others] = path.split('/').filter((part) => part !== '');
  const [streamName] = others;
  if (first !== application || others.length !== 1 || !streamName) return undefined;
  // Percent signs stay as they are: stream names have none that are escaped, only a literal `%i`.
  const pairs = new URLSearchParams(query.replaceAll('+', '%2B'));
  const value = (name: string) => pairs.get(name)?.replace(/\/+$/, '');
  const token = value('token');
  const backup = value('i') === '1';
  return { streamName, backup, ...(token !== undefined && { token }) };
}
