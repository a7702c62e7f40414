/** Closer than this to where a live viewer should be counts as live. */
const liveToleranceSeconds = 6;

/** Whether a position is "at the live edge" for the live badge. */
export function isAtLiveEdge(positionSeconds: number, livePositionSeconds: number): boolean {
  return livePositionSeconds - positionSeconds <= liveToleranceSeconds;
}

/** How far behind live, as a clock: `-0:42`, `-1:05:00`. */
export function formatBehind(seconds: number): string {
  const whole = Math.max(Math.round(seconds), 0);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `-${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `-${minutes}:${rest}`;
}
