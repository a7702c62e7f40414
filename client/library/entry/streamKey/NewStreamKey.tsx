import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { NewStreamKeyForm } from './NewStreamKeyForm.tsx';

/** A button that asks first, and until when the new key is to be good. */
export function NewStreamKey({ entryId }: { entryId: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="outline" leftSection={<IconRefresh size={15} />} onClick={open}>
        New stream key
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={
          <Text fw={650} size="lg">
            Make a new stream key?
          </Text>
        }
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <NewStreamKeyForm entryId={entryId} onClose={close} />
      </Modal>
    </>
  );
}
