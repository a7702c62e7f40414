import { Button, Chip, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { useId } from '@mantine/hooks';
import { useState, type FormEvent } from 'react';
import { errorMessage } from '../../../api/apiError.ts';
import { useRenewCredentials } from '../../../api/entryQueries.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { notifyDone } from '../../../ui/notify.ts';
import { expiryOf, fieldTime, keyLifetimes, type KeyLifetime } from './keyLifetime.ts';

const tomorrow = () => fieldTime(Date.now() + 24 * 3_600_000);

export function NewStreamKeyForm({ entryId, onClose }: { entryId: string; onClose: () => void }) {
  const id = useId();
  const renew = useRenewCredentials(entryId);
  const [lifetime, setLifetime] = useState<KeyLifetime>('never');
  const [time, setTime] = useState(tomorrow);
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expiry = expiryOf(lifetime, time, Date.now());
    setProblem('problem' in expiry ? expiry.problem : undefined);
    if ('problem' in expiry) return;
    renew.mutate(expiry, {
      onSuccess: () => {
        notifyDone('There is a new stream key. Copy it to your encoder.');
        onClose();
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text>
          The old key and WHIP token stop working for new connections at once: every encoder set up with them needs the
          new ones. A broadcast that is running goes on.
        </Text>
        <Input.Wrapper label="The new key ends" labelProps={{ id }} labelElement="div">
          <Chip.Group value={lifetime} onChange={(value) => setLifetime(value)}>
            <Group gap={8} mt={6} role="radiogroup" aria-labelledby={id}>
              {keyLifetimes.map(({ value, label }) => (
                <Chip key={value} value={value} variant="outline" size="sm">
                  {label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        {lifetime === 'time' && (
          <TextInput
            type="datetime-local"
            label="Date and time"
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
            error={problem}
          />
        )}
        {renew.isError && (
          <Notice tone="problem" title="The stream key was not changed">
            {errorMessage(renew.error)}
          </Notice>
        )}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="clay" loading={renew.isPending}>
            Make a new key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
