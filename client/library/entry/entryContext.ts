import { useOutletContext } from 'react-router';
import type { Entry, LiveEntry } from '../../../shared/model/entry.ts';

/** The entry whose page a tab belongs to. */
export function useEntryOfPage(): Entry {
  return useOutletContext<Entry>();
}

/** Only on tabs that live entries alone have. */
export function useLiveEntryOfPage(): LiveEntry {
  return useOutletContext<LiveEntry>();
}
