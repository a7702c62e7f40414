import { readdir, readFile } from 'node:fs/promises';

/** Process ids of the children of a process that run a program. */
export async function childrenNamed(parent: number, program: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [, command, , ppid] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat) ?? [];
    if (command === program && Number(ppid) === parent) found.push(Number(name));
  }
  return found;
}
