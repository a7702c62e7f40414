import type { IngestEvent, IngestSource } from '../../../../shared/model/ingestSource.ts';
import type { Advice } from '../healthAdvice.ts';

/** Older ones are for the log. */
const recentMs = 10 * 60_000;

/** What the sources together, and what happened last, call for. */
export function ingestAdvice(
  sources: readonly IngestSource[],
  events: readonly IngestEvent[],
  nowMs: number,
): Advice[] {
  return [...standIn(sources), ...refusal(sources, events, nowMs)];
}

function standIn(sources: readonly IngestSource[]): Advice[] {
  const backup = sources.some(({ role, state }) => role === 'backup' && state === 'onAir');
  if (!backup) return [];
  const primary = sources.find(({ role }) => role === 'primary');
  return [
    {
      tone: 'warning',
      title: 'The backup is on air',
      text: primary
        ? 'The primary encoder takes over again when it has been steady for a while.'
        : 'There is no primary encoder. Viewers notice nothing as long as the backup goes on; bring the primary back.',
    },
  ];
}

/** Why nobody gets in, until somebody has. */
function refusal(sources: readonly IngestSource[], events: readonly IngestEvent[], nowMs: number): Advice[] {
  const last = events.findLast(({ kind }) => kind === 'refused' || kind === 'connected' || kind === 'lost');
  if (!last || last.kind === 'connected' || nowMs - Date.parse(last.at) > recentMs) return [];
  if (last.kind === 'refused')
    return [{ tone: sources.length > 0 ? 'note' : 'warning', title: 'An encoder was refused', text: last.message }];
  return sources.length > 0 ? [] : [{ tone: 'note', title: 'No encoder is connected', text: last.message }];
}
