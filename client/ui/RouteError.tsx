import { Button } from '@mantine/core';
import { IconMoodSad } from '@tabler/icons-react';
import { useRouteError } from 'react-router';
import { EmptyState } from './EmptyState.tsx';

/** The page broke, or its code could not be fetched (a new version was installed, or the server is away). */
export function RouteError() {
  const error = useRouteError();
  const fetching = error instanceof TypeError && /import|fetch/i.test(error.message);
  return (
    <>
      <title>Something broke · Tallylight</title>
      <EmptyState
        icon={<IconMoodSad size={40} stroke={1.4} />}
        wholePage
        title={fetching ? 'This page could not be loaded' : 'Something broke on this page'}
        action={<Button onClick={() => window.location.reload()}>Load the page again</Button>}
      >
        {fetching
          ? 'The server did not send it. It may have been updated or stopped.'
          : 'Your broadcasts go on: nothing on the server was touched.'}
      </EmptyState>
    </>
  );
}
