import { join } from 'node:path';

/**
 * Where a step's programs leave their output.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string} name
 */
export function logPath(machine, name) {
  return join(machine.cache, 'logs', `${name}.log`);
}
