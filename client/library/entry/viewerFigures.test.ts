import { describe, expect, it } from 'vitest';
import { viewerFigures } from './viewerFigures.ts';

const minute = (index: number) => new Date(Date.UTC(2026, 0, 2, 3, index)).toISOString();

describe('viewers over time', () => {
  it('are drawn between the first minute and the last, up to the peak', () => {
    const counts = [2, 8, 5].map((viewers, index) => ({ at: minute(index), viewers }));
    expect(viewerFigures(counts)).toEqual({
      peak: 8,
      average: 5,
      points: [
        [0, 0.25],
        [0.5, 1],
        [1, 0.625],
      ],
    });
  });

  it('can be nobody, or of one minute', () => {
    expect(viewerFigures([])).toBeUndefined();
    expect(viewerFigures([{ at: minute(0), viewers: 0 }])).toEqual({ peak: 0, average: 0, points: [[0, 0]] });
  });
});
