import { Text } from '@mantine/core';
import { paths } from '../../../shared/urls.ts';
import { Section } from '../../ui/Section.tsx';
import { BroadcastsSection } from './BroadcastsSection.tsx';
import { useEntryOfPage } from './entryContext.ts';
import { FlavorsSection } from './FlavorsSection.tsx';
import classes from './OverviewTab.module.css';
import { RecordingsSection } from './RecordingsSection.tsx';
import { StatusSection } from './StatusSection.tsx';
import { VideoSection } from './VideoSection.tsx';
import { ViewersSection } from './ViewersSection.tsx';

export function OverviewTab() {
  const entry = useEntryOfPage();
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        {/* Our own page, from our own origin. */}
        {/* oxlint-disable-next-line react/iframe-missing-sandbox */}
        <iframe
          className={classes.player}
          src={`${paths.embed(entry.id)}?preview=1`}
          title={`Player of ${entry.name}`}
          allow="autoplay; fullscreen; encrypted-media; picture-in-picture"
        />
        {entry.type !== 'manual' && <FlavorsSection entry={entry} />}
      </div>
      <div className={classes.column}>
        {entry.type === 'live' && <StatusSection entry={entry} />}
        {entry.type === 'video' && <VideoSection entry={entry} />}
        {(entry.description || entry.tags.length > 0) && (
          <Section title="About">
            <Text style={{ whiteSpace: 'pre-wrap' }}>{entry.description}</Text>
            {entry.tags.length > 0 && (
              <Text size="sm" c="dimmed" mt="xs">
                {entry.tags.map((tag) => `#${tag}`).join('  ')}
              </Text>
            )}
          </Section>
        )}
        {entry.type === 'live' && (
          <>
            <RecordingsSection entry={entry} />
            <BroadcastsSection entry={entry} />
            <ViewersSection entry={entry} />
          </>
        )}
      </div>
    </div>
  );
}
