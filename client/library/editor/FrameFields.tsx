import { frameNearest, timeOf, type FrameGrid } from './media.ts';
import { DraftField } from './DraftField.tsx';
import { formatTime, parseTime } from './timeText.ts';

interface FrameFieldsProps {
  grid: FrameGrid;
  /** The boundary whose time is told. */
  frame: number;
  timeLabel: string;
  frameLabel: string;
  /** Frames from the boundary to the frame whose number is told: -1 for the last one before it. */
  shownOffset?: number;
  onFrame: (frame: number) => void;
  bare?: boolean;
  disabled?: boolean;
}

/** A place by its exact time and by its frame's number. */
export function FrameFields({
  grid,
  frame,
  timeLabel,
  frameLabel,
  shownOffset = 0,
  onFrame,
  bare,
  disabled,
}: FrameFieldsProps) {
  return (
    <>
      <DraftField
        label={timeLabel}
        text={formatTime(timeOf(grid, frame))}
        parse={parseTime}
        onCommit={(timeMs) => onFrame(frameNearest(grid, timeMs))}
        expected="hh:mm:ss.mmm"
        widthPixels={120}
        bare={bare}
        disabled={disabled}
      />
      {grid.hasFrames && (
        <DraftField
          label={frameLabel}
          text={String(frame + shownOffset)}
          parse={(typed) => (/^\d{1,9}$/.test(typed.trim()) ? Number(typed) : undefined)}
          onCommit={(number) => onFrame(number - shownOffset)}
          bare={bare}
          expected="A number"
          widthPixels={82}
          disabled={disabled}
        />
      )}
    </>
  );
}
