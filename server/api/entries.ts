import type { z } from 'zod';
import type { entryRoutes, flavorAssetSchema } from '../../shared/api/entries.ts';
import type { Entry } from '../../shared/model/entry.ts';
import type { Broadcasts } from '../catalog/broadcasts.ts';
import type { Entries, StoredEntry } from '../catalog/entries.ts';
import type { Profiles } from '../catalog/profiles.ts';
import { reject, RefusedError } from '../errors.ts';
import type { Track } from '../media/track.ts';
import type { HandlersOf } from './call.ts';
import type { Caller } from './callers.ts';
import { refuseUpdate } from './entryRules.ts';
import { viewBroadcast, viewEntry, type Addresses } from './entryView.ts';
import type { LiveControl } from './liveControl.ts';
import { mayEdit, mayPublish } from './permissions.ts';

interface Stages {
  readonly entries: Entries;
  readonly profiles: Profiles;
  readonly broadcasts: Broadcasts;
  readonly live: LiveControl;
  readonly addresses: () => Addresses;
}

/** `/entries` and what hangs below it. */
export function entryHandlers(stages: Stages): HandlersOf<typeof entryRoutes> {
  const { entries, profiles, broadcasts, live, addresses } = stages;

  const view = async (entry: StoredEntry, caller: Caller | undefined): Promise<Entry> =>
    viewEntry(entry, {
      addresses: addresses(),
      broadcast: await broadcasts.last(entry.id),
      failure: live.lastFailure(entry.id),
      mayPublish: mayPublish(caller, entry),
    });

  const find = async (id: string): Promise<StoredEntry> => (await entries.get(id)) ?? reject('entryNotFound');

  const findToEdit = async (id: string, caller: Caller | undefined): Promise<StoredEntry> => {
    const entry = await find(id);
    if (!mayEdit(caller, entry)) reject('forbidden');
    return entry;
  };

  const checkProfile = async (profileId: string | undefined): Promise<void> => {
    if (profileId !== undefined && !(await profiles.get(profileId))) reject('profileNotFound');
  };

  return {
    async createEntry({ body, caller }) {
      if (body.type === 'live') await checkProfile(body.profileId);
      return await view(await entries.create(body), caller);
    },

    async listEntries({ query, caller }) {
      const { items, total } = await entries.list(query);
      const last = await broadcasts.lastOf(items.map(({ id }) => id));
      const shown = items.map((entry) =>
        viewEntry(entry, {
          addresses: addresses(),
          broadcast: last.get(entry.id),
          failure: live.lastFailure(entry.id),
          mayPublish: mayPublish(caller, entry),
        }),
      );
      return { items: shown, total };
    },

    async getEntry({ params, caller }) {
      return await view(await find(params.id), caller);
    },

    async updateEntry({ params, body, caller }) {
      const entry = await findToEdit(params.id, caller);
      const refusal = refuseUpdate(entry, body);
      if (refusal) throw new RefusedError(refusal);
      await checkProfile(body.profileId);
      return await view((await entries.update(entry.id, body)) ?? reject('entryNotFound'), caller);
    },

    async deleteEntry({ params, caller }) {
      const entry = await findToEdit(params.id, caller);
      await live.forget(entry.id);
      if (!(await entries.delete(entry.id))) reject('entryNotFound');
    },

    async renewCredentials({ params, caller }) {
      const entry = await findToEdit(params.id, caller);
      if (entry.type === 'manual') reject('badRequest', 'A manual entry has no stream credentials.');
      return await view((await entries.renewCredentials(entry.id)) ?? reject('entryNotFound'), caller);
    },

    async endBroadcast({ params, caller }) {
      const entry = await findToEdit(params.id, caller);
      await live.end(entry.id);
      return await view(await find(entry.id), caller);
    },

    async listBroadcasts({ params }) {
      const items = await broadcasts.list((await find(params.id)).id);
      return { items: items.map(viewBroadcast), total: items.length };
    },

    async listFlavors({ params }) {
      const items = live.tracks((await find(params.id)).id).map(viewTrack);
      return { items, total: items.length };
    },
  };
}

function viewTrack(track: Track): z.infer<typeof flavorAssetSchema> {
  const { id, kind, codec, bitrateBps } = track;
  const picture = track.kind === 'video' ? track : undefined;
  return {
    id,
    kind,
    codec,
    bitrateBps,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    frameRate: picture?.frameRate || null,
  };
}
