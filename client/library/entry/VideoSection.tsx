import { Text } from '@mantine/core';
import type { VideoEntry } from '../../../shared/model/entry.ts';
import { useProfiles } from '../../api/profileQueries.ts';
import { formatBytes } from '../../ui/formatBytes.ts';
import { formatDuration } from '../../ui/formatDuration.ts';
import { Notice } from '../../ui/Notice.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { Section } from '../../ui/Section.tsx';
import { originName } from '../originName.ts';
import { EntryLink } from './EntryLink.tsx';
import { Fact, Facts } from './Facts.tsx';
import { TrimNotice } from './TrimNotice.tsx';

/** What a video is, where it comes from and what it takes. */
export function VideoSection({ entry }: { entry: VideoEntry }) {
  const profiles = useProfiles();
  const profile = profiles.data?.items.find(({ id }) => id === entry.profileId);
  const { sourceEntryId, rootEntryId, failure, status } = entry;
  return (
    <Section title="Details">
      {failure !== null && (
        <div style={{ marginBottom: 16 }}>
          <Notice tone={status === 'failed' ? 'problem' : 'warning'}>{failure}</Notice>
        </div>
      )}
      {entry.trimmed && (
        <div style={{ marginBottom: 16 }}>
          <TrimNotice entry={entry} />
        </div>
      )}
      {status === 'recording' && <Text mb="md">It grows with the broadcast. When that ends, it is complete.</Text>}
      {status === 'processing' && entry.origin === 'upload' && (
        <Text mb="md">It is being made ready for viewers. Its page and its link can be shared already.</Text>
      )}
      <Facts>
        <Fact name="Kind">{originName(entry.origin) + (entry.trimmed ? ', trimmed' : '')}</Fact>
        <Fact name="Length">
          <span className="tl-figures">{formatDuration(entry.durationMs)}</span>
        </Fact>
        {sourceEntryId !== null && (
          <Fact name={entry.origin === 'clip' ? 'Cut from' : 'Recorded from'}>
            <EntryLink id={sourceEntryId} />
          </Fact>
        )}
        {rootEntryId !== null && rootEntryId !== sourceEntryId && (
          <Fact name="Origin">
            <EntryLink id={rootEntryId} />
          </Fact>
        )}
        <Fact name="Plays">{entry.plays.toLocaleString()}</Fact>
        <Fact name="Storage">
          {formatBytes(entry.sizeBytes)}
          {entry.sharedBytes > 0 && (
            <Text span c="dimmed">
              {`, ${formatBytes(entry.sharedBytes)} of it shared with other entries`}
            </Text>
          )}
        </Fact>
        <Fact name="Kept">{entry.retentionDays === null ? 'Until deleted' : keptFor(entry.retentionDays)}</Fact>
        {profile && <Fact name="Profile">{profile.name}</Fact>}
        {entry.createdBy !== null && <Fact name="Created by">{entry.createdBy}</Fact>}
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

function keptFor(days: number): string {
  return days === 1 ? 'For a day' : `For ${days} days`;
}
