import { Button, Group, Slider, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { Entry } from '../../../../shared/model/entry.ts';
import { errorMessage } from '../../../api/apiError.ts';
import { useFlavors } from '../../../api/entryQueries.ts';
import { frameAddress } from '../../../api/pictureQueries.ts';
import { formatDuration, spokenDuration } from '../../../ui/formatDuration.ts';
import { Notice } from '../../../ui/Notice.tsx';
import classes from './PictureSection.module.css';

const usualFrameRate = 25;
/** Pictures are asked for when the slider rests. */
const restMs = 150;

interface FrameChooserProps {
  entry: Entry;
  lengthMs: number;
  saving: boolean;
  error: Error | null;
  onChoose: (atMs: number) => void;
  onCancel: () => void;
}

/** Any frame of what the entry plays, by slider, by the second and by the frame. */
export function FrameChooser({ entry, lengthMs, saving, error, onChoose, onCancel }: FrameChooserProps) {
  const [atMs, setAtMs] = useState(() => Math.round(lengthMs / 10));
  const [shownMs] = useDebouncedValue(atMs, restMs);
  const [failed, setFailed] = useState<number>();
  const flavors = useFlavors(entry.id);
  const frameRate = Math.max(0, ...(flavors.data?.items ?? []).map((flavor) => flavor.frameRate ?? 0));
  const frameMs = 1000 / (frameRate || usualFrameRate);
  const move = (byMs: number) => setAtMs((now) => Math.min(Math.max(0, now + byMs), lengthMs));
  const steps = [
    ['−1 s', 'A second back', -1000],
    ['−1 frame', 'A frame back', -frameMs],
    ['+1 frame', 'A frame on', frameMs],
    ['+1 s', 'A second on', 1000],
  ] as const;
  return (
    <>
      <div className={classes.frame}>
        <img
          src={frameAddress(entry.id, shownMs, 960)}
          alt={`The frame at ${exactTime(shownMs)}`}
          onError={() => setFailed(shownMs)}
        />
        {failed === shownMs && <span className={classes.none}>No picture at this time</span>}
      </div>
      <Slider
        mt="md"
        mb="sm"
        min={0}
        max={lengthMs}
        step={10}
        value={atMs}
        onChange={setAtMs}
        label={formatDuration}
        thumbLabel="Time of the frame"
        thumbProps={{ 'aria-valuetext': spokenDuration(atMs) }}
      />
      <Group justify="space-between" gap="xs">
        <Group gap={6}>
          {steps.map(([label, name, byMs]) => (
            <Button key={label} size="xs" variant="default" aria-label={name} onClick={() => move(byMs)}>
              {label}
            </Button>
          ))}
        </Group>
        <Text size="sm" className="tl-figures" aria-hidden="true">
          {exactTime(atMs)} / {formatDuration(lengthMs)}
        </Text>
      </Group>
      {error && (
        <div className={classes.problem}>
          <Notice tone="problem">{errorMessage(error)}</Notice>
        </div>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button loading={saving} onClick={() => onChoose(atMs)}>
          Use this frame
        </Button>
      </Group>
    </>
  );
}

function exactTime(ms: number): string {
  return `${formatDuration(ms)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`;
}
