import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProgramError, findProgram, runProgram } from './program.mjs';

const programModule = join(import.meta.dirname, 'program.mjs');
const folder = () => mkdtempSync(join(tmpdir(), 'tallylight-program-'));

/** A process that runs `script` in the foreground, as `npm start` runs the server, and ends with its exit code. */
async function inForeground(script: string, onOutput?: string) {
  const parent = `
    const { runInForeground } = await import(${JSON.stringify(programModule)});
    const options = { cwd: '/', env: process.env, onOutput: ${onOutput} };
    process.exitCode = await runInForeground(process.execPath, ['-e', ${JSON.stringify(script)}], options);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', parent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit').then(([code]) => ({ code: Number(code), output }));
  return { child, ended, until: (text: string) => expect.poll(() => output, { timeout: 10_000 }).toContain(text) };
}

describe('a program in the foreground', () => {
  it('gives its exit code to the command', async () => {
    const { ended } = await inForeground('process.exit(7)');
    expect((await ended).code).toBe(7);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is told to end by %s, once, and may take its time', async (signal) => {
    const script = `
      let count = 0;
      const timer = setInterval(() => {}, 1000);
      process.on('${signal}', () => {
        count++;
        if (count === 1) setTimeout(() => { console.log('told ' + count); process.exit(0); }, 300);
      });
      console.log('running');`;
    const { child, ended, until } = await inForeground(script);
    await until('running');
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, output: 'running\ntold 1\n' });
  });

  it('makes the command end as a shell would say it when a signal ends the program', async () => {
    const { child, ended, until } = await inForeground(`setInterval(() => {}, 1000); console.log('running');`);
    await until('running');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
  });
});

describe('a program in the foreground whose output is also kept', () => {
  it('is seen as it prints, and gives its exit code', async () => {
    const onOutput = `(text) => console.log('kept ' + text.trim())`;
    const { ended } = await inForeground(`console.log('printed'); process.exitCode = 7;`, onOutput);
    const { code, output } = await ended;
    expect(code).toBe(7);
    expect(output.trim().split('\n').toSorted()).toEqual(['kept printed', 'printed']);
  });
});

describe('a program in the background', () => {
  it('reads no input, and leaves all its output in the log and line by line', async () => {
    const log = join(folder(), 'logs', 'program.log');
    const lines: string[] = [];
    await runProgram('sh', ['-c', 'echo one; echo two >&2; cat; echo three >&3'], {
      log,
      statusPipe: true,
      onLine: (line) => lines.push(line),
    });
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
    expect(readFileSync(log, 'utf8')).toContain('one\n');
  });

  it('fails with its exit code, and when it takes too long', async () => {
    const log = join(folder(), 'program.log');
    await expect(runProgram('sh', ['-c', 'exit 3'], { log })).rejects.toThrow('sh ended with exit code 3');
    await expect(runProgram('sleep', ['60'], { log, timeoutMs: 100 })).rejects.toThrow(ProgramError);
    await expect(runProgram('/nowhere/program', [], { log })).rejects.toThrow(/cannot be started/);
  });
});

describe('findProgram', () => {
  it('finds what the shell would find, and only programs', () => {
    const bin = folder();
    writeFileSync(join(bin, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(bin, 'text'), '', { mode: 0o644 });
    const env = { PATH: `/nowhere:${bin}` };
    expect(findProgram('tool', env)).toBe(join(bin, 'tool'));
    expect(findProgram('text', env)).toBeUndefined();
    expect(findProgram(join(bin, 'tool'), {})).toBe(join(bin, 'tool'));
  });
});
