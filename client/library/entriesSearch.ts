import { entryRoutes } from '../../shared/api/entries.ts';
import type { Entry } from '../../shared/model/entry.ts';
import { entryStateSchema, type EntryState } from '../../shared/model/state.ts';

export const pageSize = 25;
const defaultSort = '-createdAt';
export type EntrySort = 'name' | '-name' | 'createdAt' | '-createdAt' | 'updatedAt' | '-updatedAt';

/** What the entries table shows, as its URL says it. */
export interface EntriesView {
  readonly search: string;
  readonly type: Entry['type'] | null;
  readonly state: EntryState | null;
  readonly sort: EntrySort;
  readonly page: number;
}

const types = entryRoutes.listEntries.query.shape.type.unwrap();
const sorts = entryRoutes.listEntries.query.shape.sort;

/** Reads a view; what is not valid is as if it were not there. */
export function readView(search: URLSearchParams): EntriesView {
  const type = search.get('type');
  const page = Number(search.get('page'));
  return {
    search: (search.get('search') ?? '').slice(0, 200),
    type: types.safeParse(type).data ?? null,
    state: entryStateSchema.safeParse(search.get('state')).data ?? null,
    sort: sorts.safeParse(search.get('sort') ?? undefined).data ?? defaultSort,
    page: Number.isSafeInteger(page) && page >= 1 && page <= 1_000_000 ? page : 1,
  };
}

/** The shortest URL of a view: defaults are not written. */
export function writeView(view: EntriesView): URLSearchParams {
  const search = new URLSearchParams();
  if (view.search) search.set('search', view.search);
  if (view.type) search.set('type', view.type);
  if (view.state) search.set('state', view.state);
  if (view.sort !== defaultSort) search.set('sort', view.sort);
  if (view.page > 1) search.set('page', String(view.page));
  return search;
}

/** A column's heading was pressed: sort by it, or the other way round. */
export function nextSort(current: EntrySort, column: 'name' | 'createdAt' | 'updatedAt'): EntrySort {
  if (current === column) return `-${column}`;
  if (current === `-${column}`) return column;
  return column === 'name' ? column : `-${column}`;
}
