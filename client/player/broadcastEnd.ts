/** Whoever is further back than this when a broadcast ends has gone there, and stays there. */
const keptBehindSeconds = 30;
/** A picture that does not move on for this long has come to the end of what there is. */
const stuckMs = 700;
const longestWaitMs = 10_000;

/** Where a viewer goes on in the recording: seconds before its end, or undefined for its start. */
export function tailToKeep(video: Pick<HTMLVideoElement, 'currentTime' | 'seekable'>): number | undefined {
  const { seekable, currentTime } = video;
  if (seekable.length === 0) return undefined;
  const tailSeconds = seekable.end(seekable.length - 1) - currentTime;
  return tailSeconds > keptBehindSeconds ? tailSeconds : undefined;
}

/** Waits until a playing viewer has seen the last there was of a broadcast. */
export function untilSeen(video: HTMLVideoElement, isOver: () => boolean): Promise<void> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    let lastPosition = video.currentTime;
    let movedAtMs = startedAtMs;
    const timer = setInterval(() => {
      const nowMs = performance.now();
      if (video.currentTime !== lastPosition) movedAtMs = nowMs;
      lastPosition = video.currentTime;
      const seen = video.paused || video.ended || nowMs - movedAtMs > stuckMs || nowMs - startedAtMs > longestWaitMs;
      if (!seen && !isOver()) return;
      clearInterval(timer);
      resolve();
    }, 100);
  });
}
