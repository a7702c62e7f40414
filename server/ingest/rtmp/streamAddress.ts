/** The application encoders publish to: `rtmp://host/live`. */
const application = 'live';
const longestAddress = 2048;

export interface StreamAddress {
  /** Without its query. */
  readonly streamName: string;
  readonly token?: string;
  /** `i=1`: the backup URL. */
  readonly backup: boolean;
}

export type Query = ReadonlyMap<string, string>;

/** Connect's `app` taken apart. */
export interface Application {
  /** As sent, without what authentication has put behind it. */
  readonly text: string;
  readonly query: Query;
  /** The second query, of encoders that have been asked for user and password; nothing in it is encoded. */
  readonly authentication?: Query;
}

/** `live`, `live?token=…` or `live/?token=…`; undefined for another application. */
export function parseApplication(app: string): Application | undefined {
  if (app.length > longestAddress) return undefined;
  const end = app.lastIndexOf('?authmod=');
  const text = end === -1 ? app : app.slice(0, end);
  const [name, query] = splitQuery(text);
  if (name.replace(/^\/|\/$/g, '') !== application) return undefined;
  const authentication = end === -1 ? undefined : parseQuery(app.slice(end + 1), (value) => value);
  return { text, query: parseQuery(query), ...(authentication && { authentication }) };
}

/** The publish name, whose own query wins over the application's; undefined when there is none. */
export function parseStreamAddress(publishName: string, applicationQuery: Query): StreamAddress | undefined {
  if (publishName.length > longestAddress) return undefined;
  const [streamName, query] = splitQuery(publishName);
  if (streamName === '') return undefined;
  const own = parseQuery(query);
  const token = own.get('token') ?? applicationQuery.get('token');
  const backup = (own.get('i') ?? applicationQuery.get('i')) === '1';
  return token === undefined ? { streamName, backup } : { streamName, token, backup };
}

function splitQuery(text: string): [name: string, query: string] {
  const at = text.indexOf('?');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Pairs end at the first `=`; the first of a name counts. */
function parseQuery(query: string, read = decode): Query {
  const pairs = new Map<string, string>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    if (name !== '' && !pairs.has(name)) pairs.set(name, at === -1 ? '' : read(pair.slice(at + 1)));
  }
  return pairs;
}

/** Encoders pass URLs on as typed, so a stray percent sign stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
