const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `812 bytes`, `4.2 MB`, `137 GB`: decimal, as disks are sold. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // What would be shown as 1000 is one of the next.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
