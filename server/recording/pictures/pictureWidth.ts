/** The widths pictures are made in, so that caches meet the same ones again. */
const widths = [160, 240, 320, 480, 640, 960, 1280, 1920];
const defaultWidth = 640;
export const largestWidth = widths.at(-1)!;

/** The next width at or above the one asked for; undefined when that is no width. */
export function roundWidth(asked: string | null): number | undefined {
  if (asked === null) return defaultWidth;
  if (!/^\d{1,5}$/.test(asked)) return undefined;
  const width = Number(asked);
  if (width < 16 || width > largestWidth) return undefined;
  return widths.find((candidate) => candidate >= width);
}
