import { Button } from '@mantine/core';
import { IconAntenna, IconFilterOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../ui/EmptyState.tsx';

/** No entries: either none yet, which leads to the first broadcast, or none that the filters let through. */
export function EntriesEmpty({ filtered, onReset }: { filtered: boolean; onReset: () => void }) {
  if (filtered)
    return (
      <EmptyState
        icon={<IconFilterOff size={40} stroke={1.4} />}
        title="Nothing matches"
        action={
          <Button variant="outline" onClick={onReset}>
            Show all entries
          </Button>
        }
      >
        No entry fits this search and these filters.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<IconAntenna size={44} stroke={1.3} />}
      title="Your first broadcast starts here"
      action={
        <Button component={Link} to="/entries/new" size="md">
          Create a live stream
        </Button>
      }
    >
      An entry is a channel of your own: a link that viewers keep, settings for your encoder, and a page to go live from
      this browser.
    </EmptyState>
  );
}
