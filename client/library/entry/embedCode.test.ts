import { expect, it } from 'vitest';
import { embedCode, withEngine } from './embedCode.ts';

const url = 'https://live.example/embed/0_abcdefgh';

it('names an engine only when one was chosen', () => {
  expect(withEngine(url, 'auto')).toBe(url);
  expect(withEngine(url, 'shaka')).toBe(`${url}?engine=shaka`);
});

it('cannot be broken out of by an entry’s name', () => {
  const code = embedCode(`${url}?a=1&b=2`, '"><script>alert(1)</script>');
  expect(code).not.toContain('<script>');
  expect(code).toContain('src="https://live.example/embed/0_abcdefgh?a=1&amp;b=2"');
  expect(code).toContain('title="&quot;&gt;&lt;script&gt;');
});
