import { Button, Group } from '@mantine/core';
import { errorMessage } from '../../api/apiError.ts';
import { Notice } from '../../ui/Notice.tsx';

interface SaveBarProps {
  dirty: boolean;
  saving: boolean;
  error: unknown;
  onReset: () => void;
}

export function SaveBar({ dirty, saving, error, onReset }: SaveBarProps) {
  return (
    <>
      {error != null && (
        <Notice tone="problem" title="The changes were not saved">
          {errorMessage(error)}
        </Notice>
      )}
      <Group justify="flex-end">
        <Button variant="subtle" disabled={!dirty || saving} onClick={onReset}>
          Undo changes
        </Button>
        <Button type="submit" disabled={!dirty} loading={saving}>
          Save changes
        </Button>
      </Group>
    </>
  );
}
