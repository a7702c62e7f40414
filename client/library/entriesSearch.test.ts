import { describe, expect, it } from 'vitest';
import { nextSort, readView, writeView } from './entriesSearch.ts';

const read = (text: string) => readView(new URLSearchParams(text));

describe('the view in the URL', () => {
  it('comes back as it was written', () => {
    const view = { search: 'town hall', type: 'live', state: 'live', sort: 'name', page: 3 } as const;
    expect(readView(writeView(view))).toEqual(view);
  });

  it('writes nothing for the defaults', () => {
    expect(writeView(read('')).toString()).toBe('');
  });

  it('treats what is not valid as absent', () => {
    for (const page of ['-1', '0', 'x', '1e9', '1.5']) expect(read(`page=${page}`).page).toBe(1);
    expect(read('type=vod&state=broken&sort=views')).toEqual(read(''));
    expect(read(`search=${'x'.repeat(500)}`).search).toHaveLength(200);
  });
});

describe('nextSort', () => {
  it('begins with A for names and with the newest for times, then turns round', () => {
    expect(nextSort('-createdAt', 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('name', 'updatedAt')).toBe('-updatedAt');
    expect(nextSort('-updatedAt', 'updatedAt')).toBe('updatedAt');
  });
});
