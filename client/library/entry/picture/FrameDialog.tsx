import { Button, Group, Modal, Text } from '@mantine/core';
import type { Entry } from '../../../../shared/model/entry.ts';
import { errorMessage } from '../../../api/apiError.ts';
import { usePicturedLength, type useChoosePoster } from '../../../api/pictureQueries.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { FrameChooser } from './FrameChooser.tsx';

interface FrameDialogProps {
  entry: Entry;
  opened: boolean;
  onClose: () => void;
  choose: ReturnType<typeof useChoosePoster>;
}

export function FrameDialog({ entry, opened, onClose, choose }: FrameDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={
        <Text fw={650} size="lg">
          Choose a frame
        </Text>
      }
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <Frames entry={entry} onClose={onClose} choose={choose} />}
    </Modal>
  );
}

function Frames({ entry, onClose, choose }: Omit<FrameDialogProps, 'opened'>) {
  const length = usePicturedLength(entry, true);
  if (length.isPending) return <Text c="dimmed">Looking for pictures…</Text>;
  if (length.data === null || length.isError) {
    return (
      <>
        <Notice tone="note">
          {length.isError ? errorMessage(length.error) : 'There is no frame to choose yet: nothing has been broadcast.'}
        </Notice>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Group>
      </>
    );
  }
  return (
    <FrameChooser
      entry={entry}
      lengthMs={length.data}
      saving={choose.isPending}
      error={choose.error}
      onCancel={onClose}
      onChoose={(atMs) => choose.mutate(atMs, { onSuccess: onClose })}
    />
  );
}
