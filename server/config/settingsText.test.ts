import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { settings, type SettingName } from './schema.ts';
import { envExample, settingsTable } from './settingsText.ts';

const root = join(import.meta.dirname, '../..');
const names = Object.keys(settings) as SettingName[];

describe('.env.example', () => {
  it('is what the schema says (npm run settings writes it)', () => {
    expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(envExample());
  });

  it('has an example for every setting that the setting accepts', () => {
    const values = parseEnv(envExample().replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(values).toSorted()).toEqual(names.toSorted());
    for (const name of names) expect(settings[name].schema.safeParse(values[name]).error).toBeUndefined();
  });

  it('changes nothing as it stands', () => {
    expect(parseEnv(envExample())).toEqual({});
  });
});

describe('the README', () => {
  it('lists every setting as the schema has it (npm run settings writes it)', () => {
    const cells = (table: string) => table.replaceAll(/ +/g, ' ').replaceAll(/-+/g, '-');
    expect(cells(readFileSync(join(root, 'README.md'), 'utf8'))).toContain(cells(settingsTable()));
  });
});
