import { useEffect } from 'react';

/** Keeps the screen, and with it a phone's camera, awake while on air. */
export function useWakeLock(onAir: boolean): void {
  useEffect(() => {
    if (!onAir || !('wakeLock' in navigator)) return undefined;
    let lock: WakeLockSentinel | undefined;
    let wanted = true;
    const ask = async () => {
      // Refused on a low battery, and taken away whenever the tab is hidden.
      lock = await navigator.wakeLock.request('screen').catch(() => undefined);
      if (!wanted) void lock?.release();
    };
    const onVisible = () => {
      if (document.visibilityState === 'visible') void ask();
    };
    void ask();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      wanted = false;
      document.removeEventListener('visibilitychange', onVisible);
      void lock?.release();
    };
  }, [onAir]);
}
