import { describe, expect, it } from 'vitest';
import { parseApplication, parseStreamAddress } from './streamAddress.ts';

function parse(app: string, name: string) {
  const application = parseApplication(app);
  return application && parseStreamAddress(name, application.query);
}

describe('stream address', () => {
  it('reads every form in which encoders send the key', () => {
    const expected = { streamName: '0_abcdefgh_1', token: 't0k', backup: true };
    expect(parse('live?token=t0k&i=1', '0_abcdefgh_1')).toEqual(expected);
    expect(parse('live/?token=t0k&i=1', '0_abcdefgh_1')).toEqual(expected);
    expect(parse('live', '0_abcdefgh_1?token=t0k&i=1')).toEqual(expected);
    expect(parse('live/?i=1', '0_abcdefgh_1?token=t0k')).toEqual(expected);
    expect(parse('/live/', '0_abcdefgh_1?i=1&token=t0k')).toEqual(expected);
  });

  it('is the primary, without a token, where nothing else is said', () => {
    expect(parse('live', '0_abcdefgh_%i')).toEqual({ streamName: '0_abcdefgh_%i', backup: false });
    expect(parse('live?i=0', 'x?i=0')).toEqual({ streamName: 'x', backup: false });
  });

  it('lets the name’s own query win', () => {
    expect(parse('live?token=a&i=1', 'x?token=b&i=0')).toEqual({ streamName: 'x', token: 'b', backup: false });
  });

  it('splits pairs at the first equals sign and decodes what can be decoded', () => {
    expect(parse('live', 'x?token=a=b%2F%')?.token).toBe('a=b%2F%');
    expect(parse('live', 'x?token=a%2Fb')?.token).toBe('a/b');
  });

  it('is not misled by the second query of an encoder that offers user and password', () => {
    expect(parse('live?token=a?authmod=adobe&user=u', 'x')?.token).toBe('a');
    expect(parse('live?authmod=adobe&user=u', 'x')).toEqual({ streamName: 'x', backup: false });
  });

  it('gives that second query as it was sent, nothing decoded', () => {
    const { text, authentication } = parseApplication('live?i=1?authmod=adobe&user=u&response=a%2F+b==') ?? {};
    expect(text).toBe('live?i=1');
    expect([...(authentication ?? [])]).toEqual([
      ['authmod', 'adobe'],
      ['user', 'u'],
      ['response', 'a%2F+b=='],
    ]);
    expect(parseApplication('live?token=a')?.authentication).toBeUndefined();
  });

  it('knows one application only, and refuses empty and endless names', () => {
    for (const app of ['', 'vod', 'lives', 'live/x', 'x?live', `live?${'a'.repeat(3000)}`])
      expect(parseApplication(app)).toBeUndefined();
    expect(parse('live', '')).toBeUndefined();
    expect(parse('live', '?token=a')).toBeUndefined();
    expect(parse('live', 'x'.repeat(3000))).toBeUndefined();
  });
});
