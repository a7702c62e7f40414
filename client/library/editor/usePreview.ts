import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Playback } from '../../../shared/model/entry.ts';
import type { Media } from './media.ts';
import { PreviewPlayer, type PreviewState } from './PreviewPlayer.ts';

/** A player in the video element that `attach` is the ref of. */
export function usePreview(playback: Playback, media: Media) {
  const [video, attach] = useState<HTMLVideoElement | null>(null);
  const [player, setPlayer] = useState<PreviewPlayer>();
  useEffect(() => {
    if (!video) return undefined;
    const opened = new PreviewPlayer(video, playback, media);
    setPlayer(opened);
    return () => {
      opened.close();
      setPlayer(undefined);
    };
    // What has changed of the media is told below; addresses stay.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [video]);
  useEffect(() => {
    if (player) player.media = media;
  }, [player, media]);
  return { attach, player };
}

const nothingYet: PreviewState = { status: 'loading', frame: 0, rate: 0, problem: undefined };
const never = () => () => undefined;

/** Renders with each frame while it plays: for small components. */
export function usePreviewState(player: PreviewPlayer | undefined): PreviewState {
  return useSyncExternalStore(player?.subscribe ?? never, player?.state ?? (() => nothingYet));
}
