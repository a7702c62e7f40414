import { describe, expect, it } from 'vitest';
import { madeAvcC } from '../../media/mp4/madeMp4.fixture.ts';
import { withParameterSets } from './samples.ts';

const sets = [0, 0, 0, 4, 0x67, 0x64, 0, 0x1f, 0, 0, 0, 2, 0x68, 0xee];
const picture = [0, 0, 0, 2, 0x65, 0x88];

describe('withParameterSets', () => {
  it('puts them before the picture', () => {
    expect([...withParameterSets(Uint8Array.from(picture), madeAvcC)]).toEqual([...sets, ...picture]);
  });

  it('puts them behind an access unit delimiter', () => {
    const delimiter = [0, 0, 0, 2, 0x09, 0xf0];
    const sample = Uint8Array.from([...delimiter, ...picture]);
    expect([...withParameterSets(sample, madeAvcC)]).toEqual([...delimiter, ...sets, ...picture]);
  });

  it('loses nothing of a sample that ends early', () => {
    for (const broken of [[], [0], [0, 0, 0, 9], [0, 0, 0, 9, 0x09]]) {
      const made = [...withParameterSets(Uint8Array.from(broken), madeAvcC)];
      expect(made).toHaveLength(sets.length + broken.length);
    }
  });
});
