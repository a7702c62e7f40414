import { useEffect, useState, useSyncExternalStore } from 'react';
import { paths } from '../../../shared/urls.ts';
import type { CaptureState } from '../capture/capture.ts';
import { captureSizes } from '../capture/captureSizes.ts';
import { Publisher } from './publisher.ts';
import { WhipSession } from './whipSession.ts';

/** A publisher for this entry, fed with whatever is captured; off air when the page goes away. */
export function usePublisher(entryId: string, token: string, { video, audio, size }: CaptureState) {
  const [publisher] = useState(() => new Publisher({ open: (options) => WhipSession.open(options) }));
  const state = useSyncExternalStore(publisher.subscribe, publisher.getState);

  useEffect(() => {
    // This page's own origin rather than the public address: it is reachable, and needs no CORS.
    const url = new URL(paths.whip(entryId), window.location.href).href;
    const { maxBitrateBps } = captureSizes[size];
    publisher.setTarget(video && { url, token, video, audio, maxBitrateBps });
  }, [publisher, entryId, token, video, audio, size]);

  useEffect(() => {
    const goOff = () => void publisher.stop();
    const online = () => publisher.retryNow();
    window.addEventListener('pagehide', goOff);
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('pagehide', goOff);
      window.removeEventListener('online', online);
      void publisher.stop();
    };
  }, [publisher]);

  return { publisher, state };
}
