import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** So many connections asking for an address again and again, in a thread of their own. */
export interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly bytes: number;
  readonly failures: number;
}

/** Readers blocked on a playlist, each asking for the part after the last it has seen. */
export interface BlockedOrder {
  readonly playlist: string;
  readonly readers: number;
  readonly seconds: number;
}

export interface BlockedResult {
  readonly answers: number;
  readonly failures: number;
  /** From a part's last frame reaching the server, by the playlist's own clock, to a reader knowing of the part; ms. */
  readonly latenciesMs: readonly number[];
  /** From the first reader's knowing of a part to the last one's, for each part; ms. */
  readonly spreadsMs: readonly number[];
}

function ask(agent: Agent, url: string, encoding: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { 'Accept-Encoding': encoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}

async function load({ url, connections, seconds }: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const endMs = performance.now() + seconds * 1000;
  const result = { requests: 0, bytes: 0, failures: 0 };
  const connection = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const { status, body } = await ask(agent, url, 'gzip');
      result.requests++;
      result.bytes += body.length;
      if (status !== 200) result.failures++;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return result;
}

interface Edge {
  /** Of the segment that is being written. */
  readonly sequence: number;
  /** Its last part; -1 when a whole segment is the last that is listed. */
  readonly part: number;
  /** Wall clock of its last part's end. */
  readonly endMs: number;
}

/** The last media a playlist lists, and when they ended (RFC 8216bis 4.4.4.9). */
function edgeOf(playlist: string): Edge | undefined {
  let sequence = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1] ?? 0);
  let [clockMs, sinceDateMs, part, dated] = [Number.NaN, 0, -1, false];
  let partsMs = 0;
  for (const line of playlist.split('\n')) {
    const [, date] = /^#EXT-X-PROGRAM-DATE-TIME:(.+)/.exec(line) ?? [];
    const [, seconds] = /^#EXTINF:([\d.]+)/.exec(line) ?? [];
    const [, duration] = /^#EXT-X-PART:.*\bDURATION=([\d.]+)/.exec(line) ?? [];
    if (date) [clockMs, sinceDateMs, dated] = [Date.parse(date), 0, true];
    else if (duration) [part, partsMs] = [part + 1, partsMs + Number(duration) * 1000];
    else if (seconds) sinceDateMs += Number(seconds) * 1000;
    else if (line !== '' && !line.startsWith('#')) [sequence, part, partsMs] = [sequence + 1, -1, 0];
  }
  return dated ? { sequence, part, endMs: clockMs + sinceDateMs + partsMs } : undefined;
}

async function block({ playlist, readers, seconds }: BlockedOrder): Promise<BlockedResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: readers });
  const endMs = Date.now() + seconds * 1000;
  const arrivals = new Map<string, { firstMs: number; lastMs: number; count: number }>();
  const result = { answers: 0, failures: 0, latenciesMs: new Array<number>() };
  const reader = async (): Promise<void> => {
    let query = '';
    while (Date.now() < endMs) {
      const { status, body } = await ask(agent, playlist + query, 'identity');
      const nowMs = Date.now();
      const edge = status === 200 ? edgeOf(body.toString('latin1')) : undefined;
      result.answers++;
      if (!edge) {
        result.failures++;
        query = '';
        continue;
      }
      if (query !== '') {
        const name = `${edge.sequence}.${edge.part}`;
        result.latenciesMs.push(nowMs - edge.endMs);
        const seen = arrivals.get(name) ?? { firstMs: nowMs, lastMs: nowMs, count: 0 };
        arrivals.set(name, { firstMs: seen.firstMs, lastMs: nowMs, count: seen.count + 1 });
      }
      query = `?_HLS_msn=${edge.sequence}&_HLS_part=${edge.part + 1}`;
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  agent.destroy();
  // Of the parts that all were waiting for.
  const shared = [...arrivals.values()].filter(({ count }) => count >= readers * 0.9);
  return { ...result, spreadsMs: shared.map(({ firstMs, lastMs }) => lastMs - firstMs) };
}

const order = workerData as LoadOrder | BlockedOrder | undefined;
if (parentPort && order) {
  parentPort.postMessage('playlist' in order ? await block(order) : await load(order), []);
}
