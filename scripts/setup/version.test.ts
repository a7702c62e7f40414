import { describe, expect, it } from 'vitest';
import { findVersion, isAtLeast } from './version.mjs';

describe('findVersion', () => {
  it.each([
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026', '5.1.9'],
    ['ffmpeg version n7.1 Copyright', '7.1'],
    ['v24.21.0', '24.21.0'],
    ['N-117000-gabcdef', undefined],
  ])('finds the version in "%s"', (text, version) => {
    expect(findVersion(text)).toBe(version);
  });
});

describe('isAtLeast', () => {
  it.each([
    ['24.15.0', '24.15.0', true],
    ['24.14.9', '24.15.0', false],
    ['24.9.0', '24.15.0', false],
    ['26.0.0', '24.15.0', true],
    ['5.1', '5.1.0', true],
    ['5.1', '5.1.1', false],
    ['10.0', '9.9', true],
    [undefined, '1.0', false],
  ])('of %s and %s says %s', (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected);
  });
});
