import { describe, expect, it } from 'vitest';
import { routerProfileLevelId } from './h264Profile.ts';

describe('the SFU’s profile for an offered one', () => {
  it.each([
    ['42e01f', '42e01f'],
    ['42c01f', '42e01f'],
    ['42E034', '42e01f'],
    ['42001f', '42001f'],
    ['42000a', '42001f'],
    ['4d001f', '4d001f'],
    ['4d0032', '4d001f'],
    ['4d8028', '42e01f'],
    ['640028', '64001f'],
    ['640c1f', '640c1f'],
  ])('%s goes by %s', (offered, own) => {
    expect(routerProfileLevelId(offered)).toBe(own);
  });

  it.each(['f4001f', '7a0028', '42e0', 'zzzzzz', ''])('%s is not accepted', (offered) => {
    expect(routerProfileLevelId(offered)).toBeUndefined();
  });
});
