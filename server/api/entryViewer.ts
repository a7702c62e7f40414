import type { Entry } from '../../shared/model/entry.ts';
import type { Broadcasts, StoredBroadcast } from '../catalog/broadcasts.ts';
import type { StoredEntry } from '../catalog/entries.ts';
import type { Caller } from './callers.ts';
import type { EntryMedia } from './entryMedia.ts';
import { viewEntry, type Addresses } from './entryView.ts';
import type { LiveControl } from './liveControl.ts';
import { mayPublish } from './permissions.ts';
import type { PictureControl } from './pictureControl.ts';

export interface ViewedStages {
  readonly broadcasts: Broadcasts;
  readonly live: LiveControl;
  readonly media: EntryMedia;
  readonly pictures: Pick<PictureControl, 'posterVersion'>;
  readonly addresses: () => Addresses;
}

/** Shows stored entries to callers, with what is known about them elsewhere. */
export function entryViewer({ broadcasts, live, media, pictures, addresses }: ViewedStages) {
  const viewWith = async (
    entry: StoredEntry,
    caller: Caller | undefined,
    broadcast: StoredBroadcast | undefined,
  ): Promise<Entry> =>
    viewEntry(entry, {
      addresses: addresses(),
      broadcast,
      failure: live.lastFailure(entry.id),
      storage: await media.use(entry.id),
      recorded: media.recorded(entry.id),
      posterVersion: pictures.posterVersion(entry.id),
      mayPublish: mayPublish(caller, entry),
    });
  const view = async (entry: StoredEntry, caller: Caller | undefined): Promise<Entry> =>
    await viewWith(entry, caller, await broadcasts.last(entry.id));
  return { view, viewWith };
}
