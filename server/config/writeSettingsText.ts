import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { envExample, settingsTable } from './settingsText.ts';

/** `npm run settings`: writes `.env.example` and the README's configuration table from the schema. */
const root = join(import.meta.dirname, '../..');
writeFileSync(join(root, '.env.example'), envExample());

const readmePath = join(root, 'README.md');
const [before, after] = readFileSync(readmePath, 'utf8').split(
  /(?<=<!-- settings: from here -->\n)[^]*(?=<!-- settings: to here -->)/,
);
if (after === undefined) throw new Error('README.md has lost the marks around its configuration table.');
const readme = `${before}\n${settingsTable()}\n\n${after}`;
writeFileSync(readmePath, await format(readme, { ...(await resolveConfig(readmePath)), filepath: readmePath }));
