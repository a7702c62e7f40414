import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A setting that the set-up shares with the server: from the environment, else from `.env`.
 * @param {import('../machine.mjs').Machine} machine
 * @param {string} name
 * @returns {string | undefined}
 */
export function readSetting(machine, name) {
  return machine.env[name] || fromFile(join(machine.root, '.env'), name) || undefined;
}

/**
 * @param {string} path
 * @param {string} name
 */
function fromFile(path, name) {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const value = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*(.*?)\\s*$`, 'm').exec(text)?.[1];
  return value?.replace(/^(["'`])(.*)\1.*$/, '$2').replace(/\s+#.*$/, '');
}
