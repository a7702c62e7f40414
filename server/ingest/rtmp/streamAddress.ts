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

type Query = ReadonlyMap<string, string>;

/** The query of connect's `app`, as `live`, `live?token=…` or `live/?token=…`; undefined for another application. */
export function parseApplication(app: string): Query | undefined {
  if (app.length > longestAddress) return undefined;
  // Encoders that know user and password put a second query behind the first.
  const authentication = app.lastIndexOf('?authmod=');
  const [name, query] = splitQuery(authentication === -1 ? app : app.slice(0, authentication));
  return name.replace(/^\/|\/$/g, '') === application ? parseQuery(query) : undefined;
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
function parseQuery(query: string): Query {
  const pairs = new Map<string, string>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    if (name !== '' && !pairs.has(name)) pairs.set(name, at === -1 ? '' : decode(pair.slice(at + 1)));
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
