/** `850 kb/s`, `2.4 Mb/s`. */
export function formatBitrate(bitrateBps: number): string {
  if (bitrateBps >= 999_500) return `${(bitrateBps / 1_000_000).toFixed(bitrateBps >= 9_950_000 ? 0 : 1)} Mb/s`;
  return `${Math.round(bitrateBps / 1000)} kb/s`;
}
