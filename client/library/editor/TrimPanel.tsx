import { Button, Group, Text } from '@mantine/core';
import { errorMessage } from '../../api/apiError.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Section } from '../../ui/Section.tsx';
import type { Cut } from './cuts.ts';
import classes from './Editor.module.css';
import { timeOf, type Media } from './media.ts';
import { formatTime } from './timeText.ts';

interface TrimPanelProps {
  media: Media;
  cut: Cut;
  isWhole: boolean;
  alreadyTrimmed: boolean;
  saving: boolean;
  error: unknown;
  onReset: () => void;
  onSave: () => void;
}

/** What trimming does to the video, and doing it. */
export function TrimPanel({ media, cut, isWhole, alreadyTrimmed, saving, error, onReset, onSave }: TrimPanelProps) {
  const length = (frames: number) => formatTime(timeOf(media.grid, frames));
  return (
    <Section title="Trim">
      <Text mb="sm">
        The video itself begins and ends elsewhere, at the same address. The original is kept, and the trim can be
        undone until you discard it.
      </Text>
      {alreadyTrimmed && (
        <Text size="sm" c="dimmed" mb="sm">
          It has been trimmed before: undoing leads back to the original, not to the present in and out.
        </Text>
      )}
      <dl className={classes.trimFacts}>
        <dt>Cut off at the beginning</dt>
        <dd>{length(cut.start - media.start)}</dd>
        <dt>Cut off at the end</dt>
        <dd>{length(media.end - cut.end)}</dd>
        <dt>Length afterwards</dt>
        <dd>{length(cut.end - cut.start)}</dd>
      </dl>
      {error !== null && error !== undefined && (
        <div className={classes.progress}>
          <Notice tone="problem" title="Not trimmed">
            {errorMessage(error)}
          </Notice>
        </div>
      )}
      <Group mt="md" gap="xs">
        <Button loading={saving} disabled={isWhole} onClick={onSave}>
          Save trim
        </Button>
        <Button variant="subtle" disabled={isWhole || saving} onClick={onReset}>
          Whole video
        </Button>
      </Group>
    </Section>
  );
}
