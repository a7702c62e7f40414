import { describe, expect, it } from 'vitest';
import { RecentlyUsed } from './recentlyUsed.ts';

describe('what was used recently', () => {
  it('is kept within the limit, and the longest unused is let go', () => {
    const kept = new RecentlyUsed<string>(6, ({ length }) => length);
    kept.add('a', 'aaa');
    kept.add('b', 'bbb');
    expect(kept.get('a')).toBe('aaa');
    kept.add('c', 'cc');
    expect(kept.get('b')).toBeUndefined();
    expect([kept.get('a'), kept.get('c'), kept.bytes]).toEqual(['aaa', 'cc', 5]);
  });

  it('is nothing when one value alone is over the limit', () => {
    const kept = new RecentlyUsed<string>(6, ({ length }) => length);
    kept.add('a', 'aaa');
    kept.add('b', 'bbbbbbb');
    expect([kept.get('a'), kept.get('b'), kept.bytes]).toEqual([undefined, undefined, 0]);
  });
});
