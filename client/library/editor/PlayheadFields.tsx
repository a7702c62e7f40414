import { FrameFields } from './FrameFields.tsx';
import type { Media } from './media.ts';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import { usePreviewState } from './usePreview.ts';

/** Where the playhead is; typing there goes there. */
export function PlayheadFields({ player, media }: { player: PreviewPlayer | undefined; media: Media }) {
  const { frame } = usePreviewState(player);
  return (
    <FrameFields
      grid={media.grid}
      frame={frame}
      timeLabel="Playhead"
      frameLabel="Frame"
      onFrame={(to) => player?.seek(to)}
      bare
      disabled={!player}
    />
  );
}
