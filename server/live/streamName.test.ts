import { describe, expect, it } from 'vitest';
import { parseStreamName } from './streamName.ts';

describe('parseStreamName', () => {
  it('takes the index of a numbered stream', () => {
    expect(parseStreamName('0_abcdefgh_3')).toEqual({ entryId: '0_abcdefgh', index: 3 });
  });

  it('takes a literal %i and a bare entry id for the first stream', () => {
    expect(parseStreamName('0_abcdefgh_%i')).toEqual({ entryId: '0_abcdefgh', index: 1 });
    expect(parseStreamName('0_abcdefgh')).toEqual({ entryId: '0_abcdefgh', index: 1 });
  });

  it.each(['', 'abc', '0_abc_1', '0_ABCDEFGH_1', '0_abcdefgh_0', '0_abcdefgh_1x', '../0_abcdefgh_1', '0_abcdefgh_999'])(
    'knows no entry in %j',
    (name) => {
      expect(parseStreamName(name)).toBeUndefined();
    },
  );
});
