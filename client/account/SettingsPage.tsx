import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useProfiles } from '../api/profileQueries.ts';
import { ErrorState } from '../ui/ErrorState.tsx';
import { Page } from '../ui/Page.tsx';
import { SectionSkeleton } from '../ui/PageSkeleton.tsx';
import { Section } from '../ui/Section.tsx';
import { ProfileList } from './ProfileList.tsx';

export function SettingsPage() {
  const profiles = useProfiles();
  return (
    <Page title="Settings" width={860}>
      {profiles.isPending && <SectionSkeleton rows={5} />}
      {profiles.isError && (
        <ErrorState
          title="The transcoding profiles could not be loaded"
          error={profiles.error}
          onRetry={() => void profiles.refetch()}
        />
      )}
      {profiles.data && (
        <Section
          title="Transcoding profiles"
          description="What becomes of a broadcast’s picture. Each entry uses one; the default is offered first."
          action={
            <Button component={Link} to="/settings/profiles/new" size="xs" leftSection={<IconPlus size={15} />}>
              New profile
            </Button>
          }
        >
          <ProfileList profiles={profiles.data.items} />
        </Section>
      )}
    </Page>
  );
}
