import { expect, it } from 'vitest';
import { uploadName } from './uploadName.ts';

it.each([
  ['Chosen name', 'file.mp4', 'Chosen name'],
  [undefined, 'Holiday in May.mp4', 'Holiday in May'],
  ['  ', 'Holiday in May.mp4', 'Holiday in May'],
  [undefined, 'a\u0000\u202Eb\nc.mp4', 'a b c'],
  [null, 'abc.mov', 'Upload abc'],
  [undefined, undefined, 'Upload'],
  ['x'.repeat(300), undefined, 'x'.repeat(200)],
])('of %j and %j it is %j', (chosen, file, name) => {
  expect(uploadName(chosen, file)).toBe(name);
});
