import type { HealthSample } from '../../../../shared/model/health.ts';
import type { IngestSource } from '../../../../shared/model/ingestSource.ts';
import { appendSample } from '../../../api/healthWindow.ts';

/** The last two minutes of each source, by its key. */
export type SourceHistories = ReadonlyMap<string, readonly HealthSample[]>;

/** A source that connects anew is another one. */
export function sourceKey({ index, role, connectedAt }: IngestSource): string {
  return `${index} ${role} ${connectedAt}`;
}

/** Stream by stream, each one’s primary before its backup. */
export function bySource(a: IngestSource, b: IngestSource): number {
  return a.index - b.index || (a.role === b.role ? 0 : a.role === 'primary' ? -1 : 1);
}

/** With the newest sample of each; what has gone is forgotten. */
export function appendSources(histories: SourceHistories, sources: readonly IngestSource[]): SourceHistories {
  return new Map(
    sources.map((source) => {
      const key = sourceKey(source);
      const before = histories.get(key) ?? [];
      return [key, source.health ? appendSample(before, source.health) : before];
    }),
  );
}

/** What came before this page was opened, known of the one that is on air, and goes before what was seen since. */
export function withEarlier(
  source: IngestSource,
  seen: readonly HealthSample[],
  recorded: readonly HealthSample[],
): readonly HealthSample[] {
  if (source.state !== 'onAir' || source.index !== 1) return seen;
  const since = Date.parse(source.connectedAt);
  const seenFrom = seen[0]?.at ?? Infinity;
  return [...recorded.filter(({ at }) => at >= since && at < seenFrom), ...seen];
}
