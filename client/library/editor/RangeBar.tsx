import { Button, Text } from '@mantine/core';
import { setIn, setOut, type Cut } from './cuts.ts';
import classes from './Editor.module.css';
import { FrameFields } from './FrameFields.tsx';
import { timeOf, type Media } from './media.ts';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import { formatTime } from './timeText.ts';
import type { CutsEditing } from './useCuts.ts';

interface RangeBarProps {
  media: Media;
  cut: Cut | undefined;
  player: PreviewPlayer | undefined;
  edit: CutsEditing['edit'];
  onSetIn: () => void;
  onSetOut: () => void;
}

/** In and out of the selected clip: from the playhead, or exactly. */
export function RangeBar({ media, cut, player, edit, onSetIn, onSetOut }: RangeBarProps) {
  const { grid } = media;
  return (
    <div className={classes.range}>
      <fieldset className={classes.edge}>
        <legend className={classes.legend}>Begins</legend>
        <Button variant="outline" w={84} px={0} onClick={onSetIn}>
          Set In
        </Button>
        {cut && (
          <FrameFields
            grid={grid}
            frame={cut.start}
            timeLabel="In"
            frameLabel="First frame"
            onFrame={(frame) => {
              edit((cuts) => setIn(cuts, cut.key, frame, media));
              player?.seek(frame);
            }}
          />
        )}
      </fieldset>
      <fieldset className={classes.edge}>
        <legend className={classes.legend}>Ends</legend>
        <Button variant="outline" w={84} px={0} onClick={onSetOut}>
          Set Out
        </Button>
        {cut && (
          <FrameFields
            grid={grid}
            frame={cut.end}
            timeLabel="Out"
            frameLabel="Last frame"
            shownOffset={-1}
            onFrame={(frame) => {
              edit((cuts) => setOut(cuts, cut.key, frame, media));
              player?.seek(frame - 1);
            }}
          />
        )}
      </fieldset>
      {cut && (
        <div className={classes.length}>
          <Text size="sm" fw={500}>
            Length
          </Text>
          <Text className="tl-figures" fw={600}>
            {formatTime(timeOf(grid, cut.end - cut.start))}
          </Text>
          {grid.hasFrames && (
            <Text size="sm" c="dimmed" className="tl-figures">
              {cut.end - cut.start === 1 ? '1 frame' : `${cut.end - cut.start} frames`}
            </Text>
          )}
        </div>
      )}
    </div>
  );
}
