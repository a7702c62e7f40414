import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { formatDuration } from '../ui/formatDuration.ts';
import { Notice } from '../ui/Notice.tsx';
import type { PublishState } from './publish/publisher.ts';

interface AirNoticesProps {
  entry: LiveEntry;
  publish: PublishState;
  /** How long the broadcast was that ended here just now. */
  endedAfterMs: number | null;
  /** The broadcast, if there is one, is this page's. */
  ours: boolean;
}

/** What to know about the connection and the entry, below the picture. */
export function AirNotices({ entry, publish, endedAfterMs, ours }: AirNoticesProps) {
  const entryLink = (
    <Anchor component={Link} to={`/entries/${entry.id}`}>
      entry’s page
    </Anchor>
  );
  if (publish.phase === 'failed')
    return (
      <Notice tone="problem" title="You are off air">
        {publish.reason}
      </Notice>
    );
  if (publish.phase === 'reconnecting')
    return (
      <Notice tone="warning" title="The connection was lost; connecting again">
        {publish.reason} Viewers keep their place while the server waits for you. Attempt {publish.attempt}.
      </Notice>
    );
  if (ours && entry.recorded?.notice)
    return (
      <Notice
        tone="warning"
        title={`You are on air, but this is not recorded${entry.recorded.entryId === null ? '' : ' any more'}`}
      >
        {entry.recorded.notice}
      </Notice>
    );
  if (!ours && entry.state === 'interrupted')
    return (
      <Notice tone="warning" title="This broadcast was interrupted">
        Viewers are waiting. Going live continues it; to end it, use the {entryLink}.
      </Notice>
    );
  if (!ours && (entry.state === 'live' || entry.state === 'starting'))
    return (
      <Notice tone="note" title="This entry is on air from somewhere else">
        An encoder or another page is sending. You can watch and end that broadcast on the {entryLink}.
      </Notice>
    );
  if (endedAfterMs !== null)
    return (
      <Notice tone="good" title="The broadcast has ended">
        You were on air for {formatDuration(endedAfterMs)}. See the {entryLink}, or go live again.
      </Notice>
    );
  return null;
}
