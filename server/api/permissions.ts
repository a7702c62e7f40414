import type { StoredEntry } from '../catalog/entries.ts';
import type { Caller } from './callers.ts';

/** Who may see stream credentials and failures of an entry, and follow its health. Today: everybody who is signed in. */
export function mayPublish(caller: Pick<Caller, 'session'> | undefined, _entry: Pick<StoredEntry, 'id'>): boolean {
  return caller !== undefined;
}

/** Who may change or delete an entry. Today: everybody who is signed in. */
export function mayEdit(caller: Pick<Caller, 'session'> | undefined, _entry: Pick<StoredEntry, 'id'>): boolean {
  return caller !== undefined;
}
