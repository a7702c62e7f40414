import type { Engine } from './engines/engine.ts';

/** How a viewer goes on who was watching already. */
export interface Resume {
  /** Undefined where the engine begins by itself: at the start of what has ended, or live. */
  readonly at: { readonly beforeEndSeconds: number } | { readonly behindLiveSeconds: number } | undefined;
  readonly paused: boolean;
}

/** At once, or when it is known what there is. */
export function resumeAt(video: HTMLVideoElement, engine: Pick<Engine, 'livePosition'>, at: Resume['at']): void {
  if (!at) return;
  const seek = () => {
    const place =
      'beforeEndSeconds' in at ? video.duration - at.beforeEndSeconds : engine.livePosition - at.behindLiveSeconds;
    video.currentTime = Math.max(place, 0);
  };
  const isKnown = video.readyState > 0 && ('behindLiveSeconds' in at || Number.isFinite(video.duration));
  if (isKnown) seek();
  else video.addEventListener('loadedmetadata', seek, { once: true });
}
