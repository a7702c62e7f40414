import { isDeepStrictEqual } from 'node:util';
import { isBroadcasting } from '../../shared/model/state.ts';
import type { EntryChanges, StoredEntry } from '../catalog/entries.ts';
import { refuse, type Refusal } from '../errors.ts';

const liveOnly = ['profileId', 'dvr', 'recording', 'captions'] as const;
const foreignTo = {
  live: ['urls'],
  manual: [...liveOnly, 'retentionDays'],
  video: [...liveOnly, 'urls'],
} as const;

/** Why an entry cannot be changed like this, if so. Giving a setting the value it has is no change. */
export function refuseUpdate(entry: StoredEntry, changes: EntryChanges): Refusal | undefined {
  const foreign = foreignTo[entry.type].find((name) => changes[name] !== undefined);
  if (foreign)
    return refuse('validationFailed', undefined, [
      { path: foreign, message: `A ${entry.type} entry has no ${foreign}.` },
    ]);
  const shapesMedia = liveOnly.some(
    (name) => changes[name] !== undefined && !isDeepStrictEqual(changes[name], entry[name]),
  );
  return shapesMedia && isBroadcasting(entry.state) ? refuse('entryBroadcasting') : undefined;
}
