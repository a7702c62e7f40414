import { Button } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from './EmptyState.tsx';

export function NotFoundPage() {
  return (
    <>
      <title>Not found · Tallylight</title>
      <EmptyState
        icon={<IconZoomQuestion size={40} stroke={1.4} />}
        wholePage
        title="There is no page at this address"
        action={
          <Button component={Link} to="/entries">
            Go to your entries
          </Button>
        }
      >
        The link may be old, or a character of it got lost.
      </EmptyState>
    </>
  );
}
