import { createReport, formatDuration } from './report.mjs';

/**
 * One thing that must be there before the product can run or be tested.
 * @typedef {object} Step
 * @property {string} title
 * @property {(machine: import('../machine.mjs').Machine) => Promise<string | undefined>} ready What is there, in a few words, or undefined when there is work to do. Cheap: it runs at every start.
 * @property {(machine: import('../machine.mjs').Machine, progress: (text: string) => void) => Promise<void>} work
 */

/**
 * Does what is not done yet, in order, and says so.
 * @param {Step[]} steps
 * @param {import('../machine.mjs').Machine} machine
 */
export async function runSteps(steps, machine) {
  for (const [index, step] of steps.entries()) {
    const title = `Set-up ${index + 1} of ${steps.length}: ${step.title}`;
    const already = await step.ready(machine);
    if (already !== undefined) {
      console.log(`${title}: ready (${already})`);
      continue;
    }
    console.log(`${title} …`);
    const startedAt = Date.now();
    const report = createReport(title);
    try {
      await step.work(machine, report.progress);
      report.line(`${title}: done in ${formatDuration(Date.now() - startedAt)}`);
    } finally {
      report.close();
    }
  }
}
