import { Button, Group, Progress, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Section } from '../../ui/Section.tsx';
import { CutItem } from './CutItem.tsx';
import { cutProblem, describeCut, moveCut, removeCut, selectCut } from './cuts.ts';
import classes from './Editor.module.css';
import { JoinDialog } from './JoinDialog.tsx';
import type { Media } from './media.ts';
import type { PreviewPlayer } from './PreviewPlayer.ts';
import type { CutsEditing } from './useCuts.ts';
import type { Saving } from './useSaving.ts';

interface CutListProps {
  media: Media;
  editing: CutsEditing;
  saving: Saving;
  player: PreviewPlayer | undefined;
  sourceName: string;
  onAdd: () => void;
}

/** The clips of this session, and what becomes of them. */
export function CutList({ media, editing, saving, player, sourceName, onAdd }: CutListProps) {
  const [joining, setJoining] = useState(false);
  const { cuts, edit } = editing;
  const { list, selected } = cuts;
  const { progress } = saving;
  const isFine = (cut: (typeof list)[number]) => cutProblem(cut, media) === undefined;
  const unsaved = list.filter((cut) => saving.stateOf(cut)?.phase !== 'saved');
  return (
    <Section title="Clips">
      {list.length === 0 && (
        <Text c="dimmed">
          None yet. Go to where the clip is to begin and press Set In, or <b>I</b>; then to its last frame and press Set
          Out, or <b>O</b>. Each clip becomes an entry of its own; this one stays as it is.
        </Text>
      )}
      <ol className={classes.cuts} aria-label="Clips of this session">
        {list.map((cut, index) => (
          <CutItem
            key={cut.key}
            cut={cut}
            number={index + 1}
            of={list.length}
            grid={media.grid}
            selected={cut.key === selected}
            state={saving.stateOf(cut)}
            problem={saving.stateOf(cut)?.phase === 'saved' ? undefined : cutProblem(cut, media)}
            onSelect={() => {
              edit((now) => selectCut(now, cut.key), 'select');
              player?.seek(cut.start);
            }}
            onDescribe={(about, field) => edit((now) => describeCut(now, cut.key, about), `${field} ${cut.key}`)}
            onMove={(by) => edit((now) => moveCut(now, cut.key, by))}
            onRemove={() => edit((now) => removeCut(now, cut.key))}
          />
        ))}
      </ol>
      <Button
        fullWidth
        variant="default"
        mt={list.length > 0 ? 8 : 'md'}
        leftSection={<IconPlus size={16} />}
        disabled={progress !== undefined}
        onClick={onAdd}
      >
        New clip
      </Button>
      {progress && (
        <div className={classes.progress}>
          <Progress
            value={((progress.done + 0.5) / progress.total) * 100}
            animated
            aria-label={`Saving clip ${progress.done + 1} of ${progress.total}`}
          />
        </div>
      )}
      {list.length > 0 && (
        <Group mt="md" gap={8}>
          <Button
            px={12}
            loading={progress !== undefined}
            disabled={unsaved.length === 0 || !unsaved.every(isFine)}
            onClick={() => void saving.saveEach(unsaved)}
          >
            {unsaved.length <= 1 ? 'Save clip' : `Save ${unsaved.length} clips`}
          </Button>
          {list.length > 1 && (
            <Button
              px={12}
              variant="outline"
              disabled={progress !== undefined || !list.every(isFine)}
              onClick={() => setJoining(true)}
            >
              Save as one entry…
            </Button>
          )}
        </Group>
      )}
      <JoinDialog
        opened={joining}
        onClose={() => setJoining(false)}
        cuts={list}
        grid={media.grid}
        sourceName={sourceName}
        save={(about) => saving.saveJoined(list, about)}
      />
    </Section>
  );
}
