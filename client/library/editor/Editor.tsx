import { SegmentedControl, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { selectedCut } from './cuts.ts';
import classes from './Editor.module.css';
import type { EditorCommand } from './keys.ts';
import { KeysDialog } from './KeysDialog.tsx';
import type { Media } from './media.ts';
import { PlayheadFields } from './PlayheadFields.tsx';
import { Preview } from './Preview.tsx';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import { RangeBar } from './RangeBar.tsx';
import { Timeline } from './Timeline.tsx';
import { Transport } from './Transport.tsx';
import type { CutsEditing } from './useCuts.ts';
import { useEditorKeys } from './useEditorKeys.ts';
import { zoomLevels, zoomNames, type ZoomLevel } from './zoom.ts';

interface EditorProps {
  entry: { readonly id: string; readonly name: string };
  media: Media;
  attach: (video: HTMLVideoElement | null) => void;
  player: PreviewPlayer | undefined;
  editing: CutsEditing;
  /** At the playhead, of the selected clip or of a new one. */
  onSetIn: () => void;
  onSetOut: () => void;
  onNewClip: (() => void) | undefined;
  /** For screen readers: what was saved, or was not. */
  news: string;
  children: ReactNode;
}

/** Preview, timeline and everything that moves in and out; what is made of them stands beside it. */
export function Editor({
  entry,
  media,
  attach,
  player,
  editing,
  onSetIn,
  onSetOut,
  onNewClip,
  news,
  children,
}: EditorProps) {
  const [level, setLevel] = useState<ZoomLevel>('all');
  const [loop, setLoop] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const cut = selectedCut(editing.cuts);
  const levels = zoomLevels.filter((one) => one !== 'frames' || media.grid.hasFrames);
  const zoom = (by: number) => setLevel((now) => levels[levels.indexOf(now) + by] ?? now);
  const looping = useRef(loop);
  useEffect(() => {
    looping.current = loop;
  }, [loop]);

  const commands: Record<EditorCommand, () => void> = {
    setIn: onSetIn,
    setOut: onSetOut,
    goToIn: () => cut && player?.seek(cut.start),
    goToOut: () => cut && player?.seek(cut.end - 1),
    backwards: () => player?.shuttle(-1),
    pause: () => player?.pause(),
    forwards: () => player?.shuttle(1),
    toggle: () => player?.toggle(),
    playSelection: () => cut && player?.playRange(cut, () => looping.current),
    frameBack: () => player?.step(-1),
    frameOn: () => player?.step(1),
    secondBack: () => player?.step(-Math.round(media.grid.frameRate)),
    secondOn: () => player?.step(Math.round(media.grid.frameRate)),
    start: () => player?.seek(media.start),
    end: () => player?.seek(player.lastFrame),
    newClip: () => onNewClip?.(),
    zoomIn: () => zoom(1),
    zoomOut: () => zoom(-1),
    undo: editing.undo,
    redo: editing.redo,
    help: () => setHelpOpen(true),
  };
  const run = (command: EditorCommand) => commands[command]();
  useEditorKeys(run);

  return (
    <div className={classes.editor}>
      <VisuallyHidden component="output">{news}</VisuallyHidden>
      <div className={classes.work}>
        <Preview attach={attach} player={player} name={entry.name} onToggle={commands.toggle} />
        <section className={classes.panel} aria-label="Timeline">
          <Transport
            player={player}
            hasFrames={media.grid.hasFrames}
            live={media.live}
            loop={loop}
            onLoop={setLoop}
            hasCut={cut !== undefined}
            canUndo={editing.canUndo}
            canRedo={editing.canRedo}
            onCommand={run}
          >
            <PlayheadFields player={player} media={media} />
          </Transport>
          <Timeline entryId={entry.id} media={media} player={player} level={level} editing={editing}>
            <SegmentedControl
              aria-label="Zoom"
              size="xs"
              value={level}
              onChange={setLevel}
              // Who clicked it goes on with the editor's keys, arrows among them.
              onFocus={({ target }) => !target.matches(':focus-visible') && target.blur()}
              data={levels.map((value) => ({ value, label: zoomNames[value] }))}
            />
          </Timeline>
          <RangeBar media={media} cut={cut} player={player} edit={editing.edit} onSetIn={onSetIn} onSetOut={onSetOut} />
        </section>
      </div>
      <div className={classes.side}>{children}</div>
      <KeysDialog opened={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
