import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../drivers/freePorts.ts';
import { Producer, until } from '../drivers/producer.ts';
import { ServerUnderTest } from '../drivers/server.ts';

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

const rtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/** Debian's nginx with its RTMP module, one worker, cutting the same 2 s segments on key frames. */
export const startNginxRtmp: StartPeer = async (root) => {
  await ensureNginx();
  const folder = await mkdtemp(join(root, 'nginx-'));
  const { port } = await freePorts(['port']);
  const hls = join(folder, 'hls');
  await mkdir(hls);
  // Only root may, and has to, say whose its worker is.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  await writeFile(
    join(folder, 'nginx.conf'),
    `load_module ${rtmpModule};
${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
rtmp {
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
}
`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  await listening(child, port, 'nginx');
  let streams = 0;
  return {
    name: 'nginx-rtmp',
    pid: child.pid!,
    addresses: (count) => Promise.resolve(addressesOf(port, count, ++streams)),
    async arrived() {
      const playlists = (await readdir(hls)).filter((name) => name.endsWith('.m3u8'));
      return playlists.filter((name) => name.startsWith(`s${streams}-`)).length;
    },
    stop: () => end(child),
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
    stop: () => end(child),
  };
};

async function ensureNginx(): Promise<void> {
  const isThere = () =>
    Promise.all([access(rtmpModule), run('nginx', ['-v'])]).then(
      () => true,
      () => false,
    );
  if (await isThere()) return;
  if (process.getuid?.() === 0) {
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'nginx', 'libnginx-mod-rtmp'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).catch(() => undefined);
  }
  if (!(await isThere())) throw new Error('it needs the Debian packages nginx and libnginx-mod-rtmp');
}

function addressesOf(port: string, count: number, round: number): string[] {
  return Array.from({ length: count }, (_, index) => `rtmp://127.0.0.1:${port}/live/s${round}-${index}`);
}

async function listening(child: ChildProcess, port: string, name: string): Promise<void> {
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const socket = connect(Number(port), '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return connected || undefined;
  }, `${name} to listen`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(killer);
}
