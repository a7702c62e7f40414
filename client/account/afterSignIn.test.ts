import { expect, it } from 'vitest';
import { afterSignIn } from './afterSignIn.ts';

it('returns to a page of the studio and to no other site', () => {
  expect(afterSignIn('/entries/0_abcdefgh/health?x=1')).toBe('/entries/0_abcdefgh/health?x=1');
  for (const hostile of [
    null,
    '',
    'https://evil.example',
    '//evil.example/x',
    '/\\evil.example',
    '/signin?next=/signin',
  ])
    expect(afterSignIn(hostile)).toBe('/entries');
});
