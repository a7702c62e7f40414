import { useParams } from 'react-router';
import { useProfiles } from '../api/profileQueries.ts';
import { ErrorState } from '../ui/ErrorState.tsx';
import { NotFoundPage } from '../ui/NotFoundPage.tsx';
import { BackLink } from '../ui/BackLink.tsx';
import { Page } from '../ui/Page.tsx';
import { PageSkeleton } from '../ui/PageSkeleton.tsx';
import { ProfileForm } from './ProfileForm.tsx';

/** Makes a profile (`/settings/profiles/new`) or changes one. */
export function ProfilePage() {
  const { profileId } = useParams();
  const profiles = useProfiles();
  const isNew = profileId === 'new';
  if (profiles.isPending && !isNew) return <PageSkeleton />;
  if (profiles.isError && !isNew)
    return (
      <Page title="Profile" width={760} above={<BackLink to="/settings">Settings</BackLink>}>
        <ErrorState
          title="The profile could not be loaded"
          error={profiles.error}
          onRetry={() => void profiles.refetch()}
        />
      </Page>
    );
  const profile = profiles.data?.items.find(({ id, builtIn }) => id === profileId && !builtIn);
  if (!isNew && !profile) return <NotFoundPage />;
  return (
    <Page
      title={profile?.name ?? 'New profile'}
      width={860}
      lead="The source is always kept where its codec allows. Each rendition below is made besides it, never larger than the source."
      above={<BackLink to="/settings">Settings</BackLink>}
    >
      <ProfileForm key={profileId} profile={profile} />
    </Page>
  );
}
