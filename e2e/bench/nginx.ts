import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../drivers/producer.ts';

const run = promisify(execFile);
export const rtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/**
 * Debian's nginx in the foreground, with one worker, in a fresh folder below `root`. `configuration` is given the folder
 * and returns what comes beside `events`. Rejects with a sentence when nginx cannot be had on this machine.
 */
export async function startNginx(
  root: string,
  port: string,
  configuration: (folder: string) => string,
): Promise<ChildProcess> {
  await ensureNginx();
  const folder = await mkdtemp(join(root, 'nginx-'));
  // Only root may, and has to, say whose its worker is.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  const path = join(folder, 'nginx.conf');
  await writeFile(
    path,
    `load_module ${rtmpModule};
${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 1024; }
${configuration(folder)}
`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', path, '-e', join(folder, 'error.log')], { stdio: 'ignore' });
  await listening(child, port, 'nginx');
  return child;
}

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

/** Resolves once a server takes connections; rejects when it has ended instead. */
export async function listening(child: ChildProcess, port: string, name: string): Promise<void> {
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

/** Asks it to end, and makes it after a while. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(killer);
}
