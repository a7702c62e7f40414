import { execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../drivers/freePorts.ts';
import { Producer } from '../drivers/producer.ts';
import { ServerUnderTest } from '../drivers/server.ts';
import { endChild, listening, startNginx } from './nginx.ts';

const run = promisify(execFile);

/** A server that encoders publish to, as the benchmark sees it. */
export interface IngestPeer {
  readonly name: string;
  /** Of the process that all its others descend from. */
  readonly pid: number;
  /** Addresses for so many publishers. */
  addresses(count: number): Promise<string[]>;
  /** How many of those streams have arrived, as far as it tells. */
  arrived(): Promise<number>;
  stop(): Promise<void>;
}

/** Rejects with a sentence when it cannot be had on this machine. */
export type StartPeer = (folder: string) => Promise<IngestPeer>;

export const startTallylight: StartPeer = async () => {
  const server = await ServerUnderTest.start({ LOG_LEVEL: 'warn' });
  const producer = await Producer.signIn(server);
  let ids: string[] = [];
  return {
    name: 'Tallylight',
    pid: server.pid,
    async addresses(count) {
      const entries = await Promise.all(Array.from({ length: count }, () => producer.createLiveEntry()));
      ids = entries.map(({ id }) => id);
      return entries.map(({ id, ingest }) => `${ingest?.primaryUrl}/${id}_1`);
    },
    async arrived() {
      const entries = await Promise.all(ids.map((id) => producer.entry(id)));
      return entries.filter(({ state }) => state === 'live').length;
    },
    stop: () => server.stop(),
  };
};

/** Debian's nginx with its RTMP module, one worker, cutting the same 2 s segments on key frames. */
export const startNginxRtmp: StartPeer = async (root) => {
  const { port } = await freePorts(['port']);
  const hls = await mkdtemp(join(root, 'hls-'));
  const child = await startNginx(
    root,
    port,
    () => `rtmp {
  server {
    listen 127.0.0.1:${port};
    application live {
      live on;
      hls on;
      hls_path ${hls};
      hls_fragment 2s;
      hls_playlist_length 60s;
    }
  }
}`,
  );
  let streams = 0;
  return {
    name: 'nginx-rtmp',
    pid: child.pid!,
    addresses: (count) => Promise.resolve(addressesOf(port, count, ++streams)),
    async arrived() {
      const playlists = (await readdir(hls)).filter((name) => name.endsWith('.m3u8'));
      return playlists.filter((name) => name.startsWith(`s${streams}-`)).length;
    },
    stop: () => endChild(child),
  };
};

const nodeMediaServer = 'node-media-server@4.4.3';

/** It relays and does not package: what taking streams in costs in Node.js, and no more. */
export const startNodeMediaServer: StartPeer = async (root) => {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tallylight', 'bench');
  const installed = join(cache, 'node_modules', 'node-media-server');
  const isThere = await access(installed).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(cache, { recursive: true });
    await run('npm', ['install', '--prefix', cache, '--ignore-scripts', '--no-audit', '--no-fund', nodeMediaServer]);
  }
  const folder = await mkdtemp(join(root, 'nms-'));
  const { port, httpPort } = await freePorts(['port', 'httpPort']);
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({
      bind: '127.0.0.1',
      rtmp: { port: Number(port) },
      http: { port: Number(httpPort) },
      notify: { url: '' },
      auth: { play: false, publish: false, secret: '' },
      store: { path: join(folder, 'store'), maxHistory: 100 },
      record: { auto: false, path: join(folder, 'record') },
      static: { router: '/', root: folder },
    }),
  );
  const child = spawn(process.execPath, [join(installed, 'bin', 'app.js'), '-c', 'config.json', '--no-admin'], {
    cwd: folder,
    stdio: 'ignore',
  });
  await listening(child, port, 'node-media-server');
  let expected = 0;
  let streams = 0;
  return {
    name: 'node-media-server (no HLS)',
    pid: child.pid!,
    addresses(count) {
      expected = count;
      return Promise.resolve(addressesOf(port, count, ++streams));
    },
    // It says nothing to strangers; a publisher that it had refused would have ended.
    arrived: () => Promise.resolve(expected),
    stop: () => endChild(child),
  };
};

function addressesOf(port: string, count: number, round: number): string[] {
  return Array.from({ length: count }, (_, index) => `rtmp://127.0.0.1:${port}/live/s${round}-${index}`);
}
