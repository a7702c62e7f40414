import { Text } from '@mantine/core';
import type { IngestEvent } from '../../../../shared/model/ingestSource.ts';
import { Section } from '../../../ui/Section.tsx';
import classes from './IngestLogSection.module.css';

const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const dayMs = 86_400_000;

/** What happened to the entry's encoders, newest first. */
export function IngestLogSection({ events, nowMs }: { events: readonly IngestEvent[]; nowMs: number }) {
  return (
    <Section title="What happened" description="Since the server was started, newest first.">
      {events.length === 0 ? (
        <Text c="dimmed">Nothing yet. Encoders that connect, are refused, or are lost are listed here.</Text>
      ) : (
        // It scrolls, so it has to be reachable with the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ol className={classes.log} tabIndex={0} aria-label="What happened">
          {events.toReversed().map(({ at, kind, message }) => (
            <li key={`${at} ${message}`} data-kind={kind}>
              <time dateTime={at}>{formatTime(Date.parse(at), nowMs)}</time>
              <span>{message}</span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function formatTime(atMs: number, nowMs: number): string {
  return (nowMs - atMs < dayMs ? timeFormat : fullFormat).format(atMs);
}
