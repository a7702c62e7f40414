import { useEffect, useState, useSyncExternalStore } from 'react';
import { Capture, type CaptureState } from './capture.ts';

/** Opens camera and microphone while the page is shown. */
export function useCapture(): { capture: Capture; captured: CaptureState } {
  const [capture] = useState(() => new Capture());
  useEffect(() => {
    void capture.open();
    return () => capture.close();
  }, [capture]);
  return { capture, captured: useSyncExternalStore(capture.subscribe, capture.getState) };
}
