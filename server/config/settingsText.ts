import { settings, type SettingName } from './schema.ts';

const names = Object.keys(settings) as SettingName[];

/** `.env.example`: every setting, commented out, with what it does. */
export function envExample(): string {
  const blocks = names.map((name) => `# ${settings[name].help}\n#${name}=${settings[name].example}\n`);
  return [
    '# Every setting of Tallylight, all optional. Copy this file to .env and take the # away from what you change.\n' +
      '# The environment wins over .env; an unknown or invalid value stops the start and says so.\n',
    ...blocks,
  ].join('\n');
}

/** The configuration table of the README. */
export function settingsTable(): string {
  const rows = names.map((name) => `| \`${name}\` | ${defaultOf(name)} | ${settings[name].help} |`);
  return ['| Setting | Default | |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(name: SettingName): string {
  const { data } = settings[name].schema.safeParse(undefined);
  return data === undefined ? '' : `\`${String(data)}\``;
}
