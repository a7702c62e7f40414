import { Radio, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useProfiles } from '../../api/profileQueries.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { describeProfile } from './describeProfile.ts';
import { ChoiceCard } from './ChoiceCard.tsx';

interface ProfileFieldProps {
  value: string;
  onChange: (profileId: string) => void;
  disabled?: boolean;
  error?: ReactNode;
}

/** Chooses the transcoding profile; each says what it makes of the source and what that costs. */
export function ProfileField({ value, onChange, disabled, error }: ProfileFieldProps) {
  const profiles = useProfiles();
  if (profiles.isPending)
    return (
      <Stack gap="xs" aria-busy="true">
        <Skeleton h={20} w={150} />
        <Skeleton h={76} radius="md" />
        <Skeleton h={76} radius="md" />
      </Stack>
    );
  if (profiles.isError)
    return (
      <ErrorState
        title="The transcoding profiles could not be loaded"
        error={profiles.error}
        onRetry={() => void profiles.refetch()}
      />
    );
  return (
    <Radio.Group
      label="Transcoding profile"
      description="What becomes of the picture you send. Sound is always made AAC."
      value={value}
      onChange={onChange}
      error={error}
    >
      <Stack gap="xs" mt="xs">
        {profiles.data.items.map((profile) => (
          <ChoiceCard
            key={profile.id}
            value={profile.id}
            label={profile.isDefault ? `${profile.name} (default)` : profile.name}
            disabled={disabled}
          >
            {profile.description && <Text size="sm">{profile.description}</Text>}
            <Text size="sm" c="dimmed">
              {describeProfile(profile)}
            </Text>
          </ChoiceCard>
        ))}
      </Stack>
    </Radio.Group>
  );
}
