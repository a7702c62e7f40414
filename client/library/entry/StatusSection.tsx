import { Anchor, Button, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { LiveEntry } from '../../../shared/model/entry.ts';
import { isBroadcasting, type EntryState } from '../../../shared/model/state.ts';
import { useEndBroadcast } from '../../api/entryQueries.ts';
import { useProfiles } from '../../api/profileQueries.ts';
import { confirm } from '../../ui/confirm.tsx';
import { formatBytes } from '../../ui/formatBytes.ts';
import { Notice } from '../../ui/Notice.tsx';
import { notifyProblem } from '../../ui/notify.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { RunningTime } from '../../ui/RunningTime.tsx';
import { Section } from '../../ui/Section.tsx';
import { EntryLink } from './EntryLink.tsx';
import { Fact, Facts } from './Facts.tsx';
import { recordingStopTitle } from './recordingStop.ts';

/** What the entry is doing now, in a sentence, and how it is set up. */
export function StatusSection({ entry }: { entry: LiveEntry }) {
  const profiles = useProfiles();
  const profile = profiles.data?.items.find(({ id }) => id === entry.profileId);
  return (
    <Section title="Status" action={isBroadcasting(entry.state) && <EndButton entry={entry} />}>
      <Text mb="md">
        {statusTexts[entry.state]} {entry.state === 'ended' && entry.recorded && 'Until then it plays the recording.'}{' '}
        {entry.state === 'idle' && (
          <>
            <Anchor component={Link} to={`/entries/${entry.id}/live`}>
              Go live from this browser
            </Anchor>{' '}
            or{' '}
            <Anchor component={Link} to={`/entries/${entry.id}/stream`}>
              set up an encoder
            </Anchor>
            .
          </>
        )}
      </Text>
      {entry.recorded?.notice && (
        <div style={{ marginBottom: 16 }}>
          <Notice tone="warning" title={recordingStopTitle(entry.recorded)}>
            {entry.recorded.notice}
            {entry.recorded.entryId !== null && (
              <>
                {' What was recorded until then is in '}
                <EntryLink id={entry.recorded.entryId} />.
              </>
            )}
          </Notice>
        </div>
      )}
      <Facts>
        {entry.broadcast && isBroadcasting(entry.state) && (
          <Fact name="On air for">
            <RunningTime startedAt={entry.broadcast.startedAt} />
          </Fact>
        )}
        <Fact name="Profile">{profile?.name ?? '–'}</Fact>
        <Fact name="DVR">{entry.dvr.enabled ? `${entry.dvr.windowMinutes} minutes` : 'Off'}</Fact>
        <Fact name="Recording">
          {recordingNames[entry.recording]}
          {entry.recorded?.active && entry.recorded.entryId !== null && (
            <>
              {', now to '}
              <EntryLink id={entry.recorded.entryId} />
            </>
          )}
        </Fact>
        <Fact name="Plays">{entry.plays.toLocaleString()}</Fact>
        <Fact name="Storage">{formatBytes(entry.sizeBytes)}</Fact>
        <Fact name="Created">
          <RelativeTime at={entry.createdAt} />
        </Fact>
        <Fact name="Entry id">
          <code>{entry.id}</code>
        </Fact>
      </Facts>
    </Section>
  );
}

const recordingNames: Record<LiveEntry['recording'], string> = {
  off: 'Off',
  append: 'All broadcasts in one',
  perSession: 'One for each broadcast',
};

const statusTexts: Record<EntryState, string> = {
  idle: 'Ready when you are.',
  starting: 'A publisher is connected; viewers see the picture in a few seconds.',
  live: 'Viewers are seeing this now.',
  interrupted: 'The publisher dropped. Viewers keep their place; the broadcast goes on when it returns.',
  ended: 'The last broadcast has ended. The same link goes live again with the next one.',
};

function EndButton({ entry }: { entry: LiveEntry }) {
  const end = useEndBroadcast(entry.id);
  const ask = async () => {
    const sure = await confirm({
      title: 'End this broadcast?',
      body: 'The publisher is disconnected and viewers see that the broadcast has ended.',
      action: 'End broadcast',
      cancel: 'Keep broadcasting',
      destructive: true,
    });
    if (sure) end.mutate(undefined, { onError: (error) => notifyProblem('The broadcast was not ended', error) });
  };
  return (
    <Button size="xs" variant="outline" loading={end.isPending} onClick={() => void ask()}>
      End broadcast
    </Button>
  );
}
