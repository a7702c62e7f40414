import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { hasCode } from '../../api/apiError.ts';
import { useEntry } from '../../api/entryQueries.ts';

/** Another entry by its name; it may have been deleted. */
export function EntryLink({ id }: { id: string }) {
  const entry = useEntry(id);
  if (hasCode(entry.error, 'entryNotFound'))
    return (
      <Text span c="dimmed">
        deleted
      </Text>
    );
  return (
    <Anchor component={Link} to={`/entries/${id}`}>
      {entry.data?.name ?? id}
    </Anchor>
  );
}
