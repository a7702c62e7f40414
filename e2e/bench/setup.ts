/**
 * npm run bench:setup [-- --cached]
 *
 * Seconds that a fresh clone of this checkout's last commit needs, with the Node.js that npm itself runs on:
 *   cold        to be set up, with empty caches (those of npm and of the set-up; Debian packages are what they are)
 *   cached      to be set up in a second clone on the same machine
 *   first start from `npm start` in that second clone to the line that says where the studio is, set-up done
 * With `--cached` the cold run is left out and this user's own caches are used. Cold takes minutes where mediasoup's
 * worker has to be compiled.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePorts, serverPorts } from '../drivers/freePorts.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const cold = !process.argv.includes('--cached');
const folder = await mkdtemp(join(tmpdir(), 'tallylight-setup-'));
const environment: NodeJS.ProcessEnv = { ...withoutNpm(process.env), PATH: systemPath() };
if (cold) {
  environment.XDG_CACHE_HOME = join(folder, 'cache');
  environment.npm_config_cache = join(folder, 'npm-cache');
}

/** What this run of npm has set would speak of another folder and another Node.js. */
function withoutNpm(all: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('npm_')));
}

/** The set-up has put its own Node.js and the project's programs in front. */
function systemPath(): string {
  const ours = [dirname(process.execPath), join(checkout, 'node_modules', '.bin')].map((path) => join(path));
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((path) => !ours.includes(join(path)) && !path.startsWith(checkout)).join(delimiter);
}

async function run(command: string, args: string[], cwd: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return (performance.now() - startedAt) / 1000;
}

async function freshClone(name: string): Promise<string> {
  await run('git', ['clone', '--quiet', checkout, name], folder);
  return join(folder, name);
}

/** Seconds to the line that says where the studio is; then ends it. */
async function start(clone: string): Promise<number> {
  const settings = await freePorts(serverPorts);
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...environment, ...settings, DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const running = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line);
      if (line.includes('Tallylight is running')) resolve((performance.now() - startedAt) / 1000);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
  });
  const seconds = await running;
  child.kill('SIGTERM');
  await ended;
  return seconds;
}

try {
  const rows: { what: string; seconds: number }[] = [];
  if (cold) rows.push({ what: 'set-up, cold', seconds: await run('npm', ['run', 'setup'], await freshClone('first')) });
  const second = await freshClone('second');
  rows.push({ what: 'set-up, with caches', seconds: await run('npm', ['run', 'setup'], second) });
  rows.push({ what: 'first start', seconds: await start(second) });
  rows.push({ what: 'second start', seconds: await start(second) });
  console.table(rows.map(({ what, seconds }) => ({ what, seconds: Number(seconds.toFixed(1)) })));
} finally {
  await rm(folder, { recursive: true, force: true });
}
