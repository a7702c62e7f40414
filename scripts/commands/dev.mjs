import { spawn } from 'node:child_process';
import { passOnSignals } from '../setup/program.mjs';
import { readSetting } from '../setup/envFile.mjs';
import { runSteps } from '../setup/runSteps.mjs';
import { devSteps } from '../setup/steps.mjs';

/**
 * `npm run dev`: the server, started again when its code changes, and Vite with hot reload in front of it. When one of
 * them ends, so does the other.
 * @param {import('../machine.mjs').Machine} machine
 */
export async function dev(machine) {
  await runSteps(devSteps, machine);
  const scheme = readSetting(machine, 'TLS_CERT') ? 'https' : 'http';
  const server = `${scheme}://localhost:${readSetting(machine, 'HTTP_PORT') ?? 8080}`;
  const env = { ...machine.env, TALLYLIGHT_SERVER: server };
  const programs = [['--watch', '--watch-preserve-output', 'server/main.ts'], ['node_modules/vite/bin/vite.js']];
  const children = programs.map((args) => spawn(machine.nodePath, args, { cwd: machine.root, env, stdio: 'inherit' }));
  const stops = children.map((child) => passOnSignals(child));
  const ends = children.map((child) => new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 0))));
  const exitCode = await Promise.race(ends);
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(ends);
  for (const stop of stops) stop();
  return exitCode;
}
