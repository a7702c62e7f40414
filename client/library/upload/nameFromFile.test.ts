import { expect, it } from 'vitest';
import { nameFromFile } from './nameFromFile.ts';

it.each([
  ['Summer concert.mp4', 'Summer concert'],
  ['IMG_0042.MOV', 'IMG 0042'],
  ['a.mp4', 'Upload a'],
  ['.mp4', 'Upload'],
  ['v1.2 final cut.mkv', 'v1.2 final cut'],
])('%s is named %s', (file, name) => {
  expect(nameFromFile(file)).toBe(name);
});

it('is never longer than a name may be', () => {
  expect(nameFromFile(`${'x'.repeat(300)}.mp4`)).toHaveLength(200);
});
