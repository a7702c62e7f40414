import { sql, type SelectQueryBuilder } from 'kysely';
import type { VideoOrigin } from '../../shared/model/entry.ts';
import type { EntryState } from '../../shared/model/state.ts';
import { searchKey } from './storedEntry.ts';
import type { CatalogTables } from './tables.ts';

export type EntrySort = 'name' | '-name' | 'createdAt' | '-createdAt' | 'updatedAt' | '-updatedAt';

export interface EntryQuery {
  /** Looked for in name, description, tags and id, whatever the case. */
  readonly search?: string;
  readonly type?: 'live' | 'manual' | 'video';
  /** Only videos have one. */
  readonly origin?: VideoOrigin;
  /** What was made of this entry. */
  readonly sourceId?: string;
  /** Only live entries have a state. */
  readonly state?: EntryState;
  readonly sort?: EntrySort;
  /** From 1. */
  readonly page?: number;
  readonly pageSize?: number;
}

const sortColumns = { name: 'name_key', createdAt: 'created_at_ms', updatedAt: 'updated_at_ms' } as const;

/** The column, and whether it sorts downwards. */
export function sortOf(sort: EntrySort): { column: (typeof sortColumns)[keyof typeof sortColumns]; down: boolean } {
  const down = sort.startsWith('-');
  return { column: sortColumns[(down ? sort.slice(1) : sort) as keyof typeof sortColumns], down };
}

export function filterEntries<Output>(
  select: SelectQueryBuilder<CatalogTables, 'entries', Output>,
  query: EntryQuery,
): SelectQueryBuilder<CatalogTables, 'entries', Output> {
  let filtered = select;
  if (query.type) filtered = filtered.where('type', '=', query.type);
  if (query.origin) filtered = filtered.where('origin', '=', query.origin);
  if (query.sourceId) filtered = filtered.where('source_entry_id', '=', query.sourceId);
  if (query.state) filtered = filtered.where('state', '=', query.state).where('type', '=', 'live');
  const search = searchKey(query.search ?? '').trim();
  if (search) filtered = filtered.where(sql<boolean>`search_text like ${containing(search)} escape '\\'`);
  return filtered;
}

/** A LIKE pattern in which the text's own wildcards stand for themselves. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
