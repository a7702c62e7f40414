import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import type { Entry } from '../../shared/model/entry.ts';
import { isBroadcasting } from '../../shared/model/state.ts';
import { errorMessage } from '../api/apiError.ts';
import { useDeleteEntry } from '../api/entryQueries.ts';
import { Notice } from '../ui/Notice.tsx';
import { notifyDone } from '../ui/notify.ts';

/** Deleting takes the media along and cannot be undone, so the entry's name has to be typed. */
export function useDeleteDialog(entry: Entry, onDeleted?: () => void) {
  const [opened, { open, close }] = useDisclosure(false);
  const element = (
    <Modal
      opened={opened}
      onClose={close}
      title={
        <Text fw={650} size="lg">
          Delete this entry?
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <DeleteForm entry={entry} onCancel={close} onDeleted={onDeleted ?? close} />
    </Modal>
  );
  return { open, element };
}

function DeleteForm({ entry, onCancel, onDeleted }: { entry: Entry; onCancel: () => void; onDeleted: () => void }) {
  const [typed, setTyped] = useState('');
  const remove = useDeleteEntry();
  const matches = typed.trim() === entry.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!matches) return;
    remove.mutate(entry.id, {
      onSuccess: () => {
        notifyDone(`“${entry.name}” was deleted.`);
        onDeleted();
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>
          Its link stops working and its media is deleted from the server. This cannot be undone.
          {entry.type === 'live' && isBroadcasting(entry.state) && ' Its broadcast ends at once.'}
          {entry.type === 'live' && ' What was recorded of it, and cut out of it, stays.'}
          {entry.type === 'video' && ' What was cut out of it stays.'}
          {entry.type === 'video' && entry.status === 'recording' && ' The broadcast goes on without being recorded.'}
        </Text>
        <TextInput
          label={`Type the name “${entry.name}” to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {remove.isError && (
          <Notice tone="problem" title="The entry was not deleted">
            {errorMessage(remove.error)}
          </Notice>
        )}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" color="clay" disabled={!matches} loading={remove.isPending}>
            Delete entry
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
