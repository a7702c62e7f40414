import { Button } from '@mantine/core';
import { errorMessage } from '../api/apiError.ts';
import { Notice } from './Notice.tsx';

/** What could not be loaded, why, and the way on. */
export function ErrorState({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  return (
    <Notice
      tone="problem"
      title={title}
      action={
        onRetry && (
          <Button size="xs" variant="outline" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {errorMessage(error)}
    </Notice>
  );
}
