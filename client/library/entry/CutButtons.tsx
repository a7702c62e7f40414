import { Anchor, Button, Popover, Text } from '@mantine/core';
import { IconCut, IconScissors } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Entry } from '../../../shared/model/entry.ts';
import { useFlavors } from '../../api/entryQueries.ts';
import { clipHindrance, trimHindrance, type CutHindrance } from './cutRules.ts';

/** To the editor; where that leads nowhere, the reason and what to do about it. */
export function CutButtons({ entry }: { entry: Exclude<Entry, { type: 'manual' }> }) {
  const renditions = useFlavors(entry.id).data?.items;
  if (!renditions) return null;
  return (
    <>
      <CutButton
        to={`/entries/${entry.id}/editor`}
        icon={<IconScissors size={16} />}
        hindrance={clipHindrance(entry, renditions)}
      >
        Clip
      </CutButton>
      {entry.type === 'video' && (
        <CutButton
          to={`/entries/${entry.id}/editor?mode=trim`}
          icon={<IconCut size={16} />}
          hindrance={trimHindrance(entry, renditions)}
        >
          Trim
        </CutButton>
      )}
    </>
  );
}

interface CutButtonProps {
  to: string;
  icon: ReactNode;
  hindrance: CutHindrance | undefined;
  children: string;
}

function CutButton({ to, icon, hindrance, children }: CutButtonProps) {
  if (!hindrance)
    return (
      <Button variant="outline" component={Link} to={to} leftSection={icon}>
        {children}
      </Button>
    );
  // It looks disabled, but can be reached and asked why.
  return (
    <Popover width={280} position="bottom-end" withArrow shadow="md">
      <Popover.Target>
        <Button variant="outline" leftSection={icon} data-disabled aria-disabled="true">
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{hindrance.reason}</Text>
        {hindrance.profileId && (
          <Anchor component={Link} to={`/settings/profiles/${hindrance.profileId}`} size="sm">
            Change the profile
          </Anchor>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
