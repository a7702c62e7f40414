import { formatDuration } from '../setup/report.mjs';
import { LastLines } from '../setup/lastLines.mjs';
import { runInForeground } from '../setup/program.mjs';
import { runSteps } from '../setup/runSteps.mjs';
import { testSteps } from '../setup/steps.mjs';

/** Every check there is, the quick ones first. */
export const checks = [
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'unit tests', command: ['vitest', 'run', '--project', 'unit'] },
  { name: 'integration tests', command: ['vitest', 'run', '--project', 'integration'] },
  { name: 'browser tests', command: ['playwright', 'test'] },
];

/** Of a failed check, shown once more at the end where nobody watches: the end is what such logs are read by. */
const repeatedLines = 80;

/**
 * `npm test`: set-up, then every check, also after one has failed. The exit code is 0 only when all have passed.
 * @param {import('../machine.mjs').Machine} machine
 */
export async function test(machine) {
  await runSteps(testSteps, machine);
  const results = [];
  for (const [index, { name, command }] of checks.entries()) {
    console.log(`\nCheck ${index + 1} of ${checks.length}: ${name} (${command.join(' ')})`);
    const startedAt = Date.now();
    const [program = '', ...args] = command;
    const lastLines = process.stdout.isTTY ? undefined : new LastLines(repeatedLines);
    const onOutput = lastLines && ((/** @type {string} */ text) => lastLines.add(text));
    const exitCode = await runInForeground(program, args, { cwd: machine.root, env: machine.env, onOutput });
    // Told to end: so does all of it.
    if (exitCode > 128) return exitCode;
    results.push({ name, passed: exitCode === 0, duration: formatDuration(Date.now() - startedAt), lastLines });
  }
  for (const { name, passed, lastLines } of results) {
    if (!passed && lastLines) console.log(`\nThe last lines of ${name}, which failed:\n${lastLines.text()}`);
  }
  console.log('\nResult:');
  for (const { name, passed, duration } of results)
    console.log(`  ${passed ? 'passed' : 'FAILED'}  ${name} (${duration})`);
  return results.every(({ passed }) => passed) ? 0 : 1;
}
