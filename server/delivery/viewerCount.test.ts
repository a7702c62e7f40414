import { describe, expect, it } from 'vitest';
import { ViewerCount } from './viewerCount.ts';

describe('ViewerCount', () => {
  it('counts each client once, while it keeps asking', () => {
    let nowMs = 0;
    const viewers = new ViewerCount(() => nowMs);
    viewers.saw('a', 'first');
    viewers.saw('a', 'second');
    viewers.saw('b', 'first');
    nowMs = 10_000;
    viewers.saw('a', 'first');
    expect([viewers.count('a'), viewers.count('b'), viewers.count('c')]).toEqual([2, 1, 0]);
    nowMs = 20_000;
    expect([viewers.count('a'), viewers.count('b')]).toEqual([1, 0]);
    nowMs = 25_001;
    expect(viewers.count('a')).toBe(0);
  });

  it('remembers no more clients than allowed, and takes new ones when others have gone', () => {
    let nowMs = 0;
    const viewers = new ViewerCount(() => nowMs, 10);
    for (let index = 0; index < 100; index++) viewers.saw(`entry ${index % 3}`, `client ${index}`);
    expect([0, 1, 2].reduce((sum, index) => sum + viewers.count(`entry ${index}`), 0)).toBe(10);
    nowMs = 16_000;
    viewers.sweep();
    viewers.saw('entry 0', 'new');
    expect(viewers.count('entry 0')).toBe(1);
  });

  it('goes on counting a known client when there is no room for new ones', () => {
    let nowMs = 0;
    const viewers = new ViewerCount(() => nowMs, 1);
    viewers.saw('a', 'known');
    nowMs = 14_000;
    viewers.saw('a', 'known');
    nowMs = 28_000;
    expect(viewers.count('a')).toBe(1);
  });
});
