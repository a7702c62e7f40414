import { useCallback, useSyncExternalStore } from 'react';

/** The time in whole steps of `everyMs`, kept up to date while `running`. */
export function useNow(everyMs: number, running = true): number {
  const subscribe = useCallback(
    (onTick: () => void) => {
      if (!running) return () => undefined;
      // Four looks per step keep what several clocks on a page show together.
      const timer = setInterval(onTick, everyMs / 4);
      return () => clearInterval(timer);
    },
    [everyMs, running],
  );
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / everyMs) * everyMs);
}
