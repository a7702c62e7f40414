import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconChevronRight,
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconPlayerTrackNext,
  IconPlayerTrackPrev,
  IconRepeat,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Editor.module.css';
import type { EditorCommand } from './keys.ts';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import { usePreviewState } from './usePreview.ts';

interface TransportProps {
  player: PreviewPlayer | undefined;
  hasFrames: boolean;
  live: boolean;
  loop: boolean;
  onLoop: (loop: boolean) => void;
  hasCut: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onCommand: (command: EditorCommand) => void;
  /** Between the two groups of buttons. */
  children: ReactNode;
}

/** Play, step and jump; undo and redo. */
export function Transport({
  player,
  hasFrames,
  live,
  loop,
  onLoop,
  hasCut,
  canUndo,
  canRedo,
  onCommand,
  children,
}: TransportProps) {
  const { rate, status } = usePreviewState(player);
  const isPlaying = rate !== 0;
  const tool = (command: EditorCommand, name: string, icon: ReactNode, disabled = false) => (
    <Tooltip label={name}>
      <ActionIcon
        size="lg"
        className={classes.tool}
        aria-label={name}
        disabled={disabled}
        onClick={() => onCommand(command)}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className={classes.transport} role="toolbar" aria-label="Playback">
      <div className={classes.tools}>
        {tool('start', 'To the beginning', <IconPlayerSkipBack size={18} />)}
        {tool('secondBack', 'A second back', <IconPlayerTrackPrev size={18} />)}
        {hasFrames && tool('frameBack', 'A frame back', <IconChevronLeft size={20} />)}
        <Tooltip label={isPlaying ? 'Pause' : 'Play'}>
          <ActionIcon
            size={44}
            radius="xl"
            variant="filled"
            aria-label={isPlaying ? 'Pause' : 'Play'}
            disabled={status === 'failed'}
            onClick={() => onCommand('toggle')}
          >
            {isPlaying ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
          </ActionIcon>
        </Tooltip>
        {hasFrames && tool('frameOn', 'A frame on', <IconChevronRight size={20} />)}
        {tool('secondOn', 'A second on', <IconPlayerTrackNext size={18} />)}
        {tool('end', live ? 'To live' : 'To the end', <IconPlayerSkipForward size={18} />)}
      </div>
      <div className={classes.fields}>{children}</div>
      <div className={classes.tools}>
        <Button
          size="xs"
          variant="outline"
          leftSection={<IconPlayerPlayFilled size={13} />}
          disabled={!hasCut}
          onClick={() => onCommand('playSelection')}
        >
          Play clip
        </Button>
        <Tooltip label="Play the clip again and again">
          <ActionIcon
            size="lg"
            variant={loop ? 'light' : 'subtle'}
            aria-label="Loop"
            aria-pressed={loop}
            onClick={() => onLoop(!loop)}
          >
            <IconRepeat size={18} opacity={loop ? 1 : 0.7} />
          </ActionIcon>
        </Tooltip>
        {tool('undo', 'Undo', <IconArrowBackUp size={18} />, !canUndo)}
        {tool('redo', 'Redo', <IconArrowForwardUp size={18} />, !canRedo)}
        {tool('help', 'Keys', <IconKeyboard size={18} />)}
      </div>
    </div>
  );
}
