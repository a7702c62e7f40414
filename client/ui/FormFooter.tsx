import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import { errorMessage } from '../api/apiError.ts';
import { Notice } from './Notice.tsx';

interface FormFooterProps {
  /** What did not happen, where it was refused: "The entry was not created". */
  problem: string;
  error: unknown;
  cancelTo: string;
  submit: string;
  submitting: boolean;
}

/** Below a form on a page of its own: why it was refused, the way out, the way on. */
export function FormFooter({ problem, error, cancelTo, submit, submitting }: FormFooterProps) {
  return (
    <>
      {Boolean(error) && (
        <Notice tone="problem" title={problem}>
          {errorMessage(error)}
        </Notice>
      )}
      <Group justify="flex-end">
        <Button variant="subtle" component={Link} to={cancelTo}>
          Cancel
        </Button>
        <Button type="submit" loading={submitting}>
          {submit}
        </Button>
      </Group>
    </>
  );
}
