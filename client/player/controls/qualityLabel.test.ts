import { expect, it } from 'vitest';
import { qualityRows } from './qualityLabel.ts';

it('lists the best first and names the rate only where two share a height', () => {
  const rows = qualityRows([
    { id: 0, height: 270, bitrateBps: 400_000 },
    { id: 1, height: 360, bitrateBps: 600_000 },
    { id: 2, height: 360, bitrateBps: 900_000 },
    { id: 3, height: 720, bitrateBps: 2_500_000 },
  ]);
  expect(rows).toEqual([
    { id: 3, label: '720p' },
    { id: 2, label: '360p · 900 kb/s' },
    { id: 1, label: '360p · 600 kb/s' },
    { id: 0, label: '270p' },
  ]);
});
