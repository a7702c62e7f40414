/** Longer without a key frame, and segments, seeking and clips suffer. */
const longestGapSeconds = 10;

/**
 * Whether frames as ffprobe lists them (`pts_time,flags`, in decoding order) can be handed out as they are: times are
 * known, key frames come often enough, the first is one, and none is there only to be thrown away (`D`: cut off by an edit list).
 */
export function canBeCopied(lines: readonly string[]): boolean {
  let lastKeySeconds: number | undefined;
  let latestSeconds = -Infinity;
  for (const line of lines) {
    const [time = '', flags = ''] = line.split(',');
    const seconds = Number(time);
    if (time === '' || !Number.isFinite(seconds) || flags.includes('D')) return false;
    if (flags.includes('K')) lastKeySeconds = seconds;
    if (lastKeySeconds === undefined) return false;
    latestSeconds = Math.max(latestSeconds, seconds);
    if (latestSeconds - lastKeySeconds > longestGapSeconds) return false;
  }
  return lines.length > 0;
}
