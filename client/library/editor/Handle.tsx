import type { KeyboardEvent, PointerEvent } from 'react';
import { formatTime, spokenTime } from './timeText.ts';
import { timeOf, type Media } from './media.ts';
import classes from './Timeline.module.css';

interface HandleProps {
  kind: 'in' | 'out' | 'playhead';
  name: string;
  /** Between frames: before the one of this number. */
  frame: number;
  leftPixels: number;
  media: Media;
  /** Frames that the place of the pointer says. */
  frameAtPointer: (event: PointerEvent) => number;
  onMove: (frame: number, gesture: string) => void;
}

/** Something on the timeline that is dragged, or moved with the arrow keys. */
export function Handle({ kind, name, frame, leftPixels, media, frameAtPointer, onMove }: HandleProps) {
  const { grid, start, end } = media;
  const timeMs = timeOf(grid, frame);
  const frameText = grid.hasFrames ? `, frame ${kind === 'out' ? frame - 1 : frame}` : '';
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: event.shiftKey ? -grid.frameRate : -1,
      ArrowRight: event.shiftKey ? grid.frameRate : 1,
      ArrowDown: -1,
      ArrowUp: 1,
      PageDown: -10 * grid.frameRate,
      PageUp: 10 * grid.frameRate,
      Home: start - frame,
      End: end - frame,
    };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onMove(Math.round(frame + step), `keys ${kind}`);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.dataset['gesture'] = `drag ${performance.now()}`;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const { gesture } = event.currentTarget.dataset;
    if (gesture && event.currentTarget.hasPointerCapture(event.pointerId)) onMove(frameAtPointer(event), gesture);
  };
  return (
    <div
      className={classes.handle}
      data-kind={kind}
      style={{ transform: `translateX(${leftPixels}px)` }}
      // A range input has one handle, and none of this one's shape.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={start}
      aria-valuemax={end}
      aria-valuenow={frame}
      aria-valuetext={spokenTime(timeMs) + frameText}
      title={`${name} ${formatTime(timeMs)}`}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
    />
  );
}
