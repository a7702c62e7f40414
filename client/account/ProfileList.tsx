import { ActionIcon, Badge, Group, Menu, Text } from '@mantine/core';
import { IconDots, IconPencil, IconStar, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Profile } from '../../shared/model/profile.ts';
import { useDeleteProfile, useUpdateProfile } from '../api/profileQueries.ts';
import { describeProfile } from '../library/fields/describeProfile.ts';
import { confirm } from '../ui/confirm.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.ts';
import classes from './ProfileList.module.css';

export function ProfileList({ profiles }: { profiles: readonly Profile[] }) {
  return (
    <ul className={classes.list}>
      {profiles.map((profile) => (
        <li key={profile.id} className={classes.item}>
          <div className={classes.text}>
            <Group gap="xs">
              <Text component="h3" fw={620} size="md" m={0}>
                {profile.name}
              </Text>
              {profile.isDefault && <Badge variant="light">Default</Badge>}
              {profile.builtIn && (
                <Badge variant="default" c="dimmed">
                  Built in
                </Badge>
              )}
            </Group>
            {profile.description && <Text mt={2}>{profile.description}</Text>}
            <Text size="sm" c="dimmed" mt={2}>
              {describeProfile(profile)} Sound: AAC {profile.audioBitrateKbps} kb/s.
            </Text>
          </div>
          <ProfileActions profile={profile} />
        </li>
      ))}
    </ul>
  );
}

function ProfileActions({ profile }: { profile: Profile }) {
  const update = useUpdateProfile();
  const remove = useDeleteProfile();
  if (profile.builtIn && profile.isDefault) return null;
  const makeDefault = () =>
    update.mutate(
      { id: profile.id, change: { isDefault: true } },
      {
        onSuccess: () => notifyDone(`New entries use “${profile.name}” now.`),
        onError: (error) => notifyProblem('The default was not changed', error),
      },
    );
  const askAndDelete = async () => {
    const sure = await confirm({
      title: `Delete the profile “${profile.name}”?`,
      body: 'Entries that use it must be given another one first.',
      action: 'Delete profile',
      destructive: true,
    });
    if (!sure) return;
    remove.mutate(profile.id, {
      onSuccess: () => notifyDone(`“${profile.name}” was deleted.`),
      onError: (error) => notifyProblem('The profile was not deleted', error),
    });
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size={38} aria-label={`Actions for ${profile.name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!profile.builtIn && (
          <Menu.Item component={Link} to={`/settings/profiles/${profile.id}`} leftSection={<IconPencil size={16} />}>
            Edit
          </Menu.Item>
        )}
        {!profile.isDefault && (
          <Menu.Item leftSection={<IconStar size={16} />} onClick={makeDefault}>
            Make default
          </Menu.Item>
        )}
        {!profile.builtIn && (
          <Menu.Item color="clay" leftSection={<IconTrash size={16} />} onClick={() => void askAndDelete()}>
            Delete…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
