import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { createMachine } from '../machine.mjs';
import { readSetting } from './envFile.mjs';

it.each([
  'FFMPEG_PATH=/opt/ffmpeg',
  '  FFMPEG_PATH = "/opt/my ffmpeg" # newer',
  "export FFMPEG_PATH='a#b'",
  'FFMPEG_PATH=',
  '',
])('reads "%s" from .env as the server does', (line) => {
  const root = mkdtempSync(join(tmpdir(), 'tallylight-env-'));
  const text = `HTTP_PORT=1\n${line}\n`;
  writeFileSync(join(root, '.env'), text);
  expect(readSetting(createMachine(root, {}), 'FFMPEG_PATH')).toBe(parseEnv(text)['FFMPEG_PATH'] || undefined);
});

it('lets the environment win over .env', () => {
  const root = mkdtempSync(join(tmpdir(), 'tallylight-env-'));
  writeFileSync(join(root, '.env'), 'HTTP_PORT=1\n');
  expect(readSetting(createMachine(root, { HTTP_PORT: '2' }), 'HTTP_PORT')).toBe('2');
});
