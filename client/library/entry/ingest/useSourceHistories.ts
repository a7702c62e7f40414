import { useState } from 'react';
import type { IngestSource } from '../../../../shared/model/ingestSource.ts';
import { appendSources, type SourceHistories } from './sourceHistories.ts';

/** What each source did while this page has been open. */
export function useSourceHistories(sources: readonly IngestSource[]): SourceHistories {
  const [seen, setSeen] = useState(() => ({ sources, histories: appendSources(new Map(), sources) }));
  if (seen.sources === sources) return seen.histories;
  const histories = appendSources(seen.histories, sources);
  setSeen({ sources, histories });
  return histories;
}
