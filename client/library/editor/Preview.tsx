import { Loader } from '@mantine/core';
import classes from './Editor.module.css';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import { usePreviewState } from './usePreview.ts';

interface PreviewProps {
  attach: (video: HTMLVideoElement | null) => void;
  player: PreviewPlayer | undefined;
  name: string;
  onToggle: () => void;
}

/** The picture; a click plays or pauses. */
export function Preview({ attach, player, name, onToggle }: PreviewProps) {
  const { status, problem, rate } = usePreviewState(player);
  return (
    <div className={classes.preview}>
      {/* Its keys are the editor's; captions are of no use for cutting. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video ref={attach} playsInline aria-label={`Preview of ${name}`} tabIndex={-1} onClick={onToggle} />
      {status === 'loading' && <Loader className={classes.loading} color="gray.2" aria-label="Loading the preview" />}
      {status === 'failed' && (
        <div className={classes.previewProblem} role="alert">
          <strong>The preview stopped</strong>
          <span>{problem} It is tried again by itself; what you have marked is kept.</span>
        </div>
      )}
      {Math.abs(rate) > 1 || rate < 0 ? (
        <span className={classes.rate}>{`${rate < 0 ? '◀' : '▶'} ${Math.abs(rate)}×`}</span>
      ) : null}
    </div>
  );
}
