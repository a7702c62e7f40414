import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { errorMessage } from '../../api/apiError.ts';
import { Notice } from '../../ui/Notice.tsx';
import { AboutFields } from '../fields/AboutFields.tsx';
import type { Cut, CutAbout } from './cuts.ts';
import { timeOf, type FrameGrid } from './media.ts';
import { formatTime } from './timeText.ts';

interface JoinDialogProps {
  opened: boolean;
  onClose: () => void;
  cuts: readonly Cut[];
  grid: FrameGrid;
  sourceName: string;
  save: (about: CutAbout) => Promise<VideoEntry>;
}

/** All clips of the session as parts of one entry, in their order. */
export function JoinDialog({ opened, onClose, ...rest }: JoinDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={
        <Text fw={650} size="lg">
          Save as one entry
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <JoinForm onClose={onClose} {...rest} />}
    </Modal>
  );
}

function JoinForm({ onClose, cuts, grid, sourceName, save }: Omit<JoinDialogProps, 'opened'>) {
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useForm({
    initialValues: { name: `Parts of ${sourceName}`.slice(0, 200), description: '', tags: [] as string[] },
    validate: { name: (name) => (name.trim().length < 5 ? 'The name needs at least 5 characters.' : null) },
  });
  const submit = async (about: CutAbout) => {
    setSaving(true);
    setError(undefined);
    try {
      await save(about);
      onClose();
    } catch (problem) {
      setError(problem);
    } finally {
      setSaving(false);
    }
  };
  const frames = cuts.reduce((sum, { start, end }) => sum + end - start, 0);
  return (
    <form onSubmit={form.onSubmit((about) => void submit(about))} noValidate>
      <Stack gap="md">
        <Text>
          {cuts.length} parts, one after the other as in the list, <b>{formatTime(timeOf(grid, frames))}</b> in all.
        </Text>
        <AboutFields form={form} />
        {error !== undefined && (
          <Notice tone="problem" title="Not saved">
            {errorMessage(error)}
          </Notice>
        )}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
