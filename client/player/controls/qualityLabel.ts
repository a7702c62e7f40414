import type { Quality } from '../engines/engine.ts';

/** The ladder for the menu, best first: one row for each height, with the rate where two share a height. */
export function qualityRows(qualities: readonly Quality[]): { id: number; label: string }[] {
  const sorted = qualities.toSorted((a, b) => b.height - a.height || b.bitrateBps - a.bitrateBps);
  return sorted.map((quality) => {
    const shared = qualities.filter(({ height }) => height === quality.height).length > 1;
    return { id: quality.id, label: shared ? `${heightLabel(quality)} · ${rateLabel(quality)}` : heightLabel(quality) };
  });
}

function heightLabel({ height }: Quality): string {
  return height > 0 ? `${height}p` : 'Audio only';
}

function rateLabel({ bitrateBps }: Quality): string {
  return bitrateBps >= 1_000_000
    ? `${(bitrateBps / 1_000_000).toFixed(1)} Mb/s`
    : `${Math.round(bitrateBps / 1000)} kb/s`;
}
