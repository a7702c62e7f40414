import type { z } from 'zod';
import type { entryRoutes, flavorAssetSchema } from '../../shared/api/entries.ts';
import type { VideoEntry } from '../../shared/model/entry.ts';
import { absoluteUrl, paths } from '../../shared/urls.ts';
import type { Entries, StoredEntry } from '../catalog/entries.ts';
import type { ViewerCounts } from '../catalog/viewerCounts.ts';
import type { Profiles } from '../catalog/profiles.ts';
import { reject, RefusedError } from '../errors.ts';
import type { Track } from '../media/track.ts';
import type { HandlersOf } from './call.ts';
import { nameOf, type Caller } from './callers.ts';
import { refuseUpdate } from './entryRules.ts';
import { viewBroadcast } from './entryView.ts';
import { entryViewer, type ViewedStages } from './entryViewer.ts';
import { mayEdit } from './permissions.ts';

interface Stages extends ViewedStages {
  readonly entries: Entries;
  readonly profiles: Profiles;
  readonly viewerCounts: ViewerCounts;
}

/** `/entries` and what hangs below it. */
export function entryHandlers(stages: Stages): HandlersOf<typeof entryRoutes> {
  const { entries, profiles, broadcasts, viewerCounts, live, media, addresses } = stages;

  const { view, viewWith } = entryViewer(stages);

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
      return await view(await entries.create({ ...body, createdBy: caller ? nameOf(caller) : null }), caller);
    },

    async listEntries({ query, caller }) {
      const { items, total } = await entries.list(query);
      const last = await broadcasts.lastOf(items.map(({ id }) => id));
      return { items: await Promise.all(items.map((entry) => viewWith(entry, caller, last.get(entry.id)))), total };
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
      if (!(await media.remove(entry.id))) reject('entryNotFound');
    },

    async renewCredentials({ params, body, caller }) {
      const entry = await findToEdit(params.id, caller);
      if (entry.type !== 'live') reject('badRequest', 'Only a live entry has stream credentials.');
      const expiresAtMs = body?.expiresAt ? Date.parse(body.expiresAt) : null;
      return await view((await entries.renewCredentials(entry.id, expiresAtMs)) ?? reject('entryNotFound'), caller);
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

    async listViewers({ params }) {
      const broadcast = (await broadcasts.list((await find(params.id)).id)).find(({ id }) => id === params.broadcast);
      if (!broadcast) reject('notFound', 'This entry has no broadcast with this id.');
      const items = await viewerCounts.list(broadcast.id);
      return {
        items: items.map(({ atMs, viewers }) => ({ at: new Date(atMs).toISOString(), viewers })),
        total: items.length,
      };
    },

    async listRecordings({ params, query, caller }) {
      const entry = await find(params.id);
      const { items, total } = await entries.list({ ...query, sourceId: entry.id, origin: 'recording' });
      const shown = await Promise.all(items.map((item) => viewWith(item, caller, undefined)));
      return { items: shown.filter((item): item is VideoEntry => item.type === 'video'), total };
    },

    async listFlavors({ params }) {
      const { id } = await find(params.id);
      const [tracks, bytes] = await Promise.all([media.tracks(id), media.trackBytes(id)]);
      const sound = tracks.find(({ kind }) => kind === 'audio');
      const download = (track: Track) => {
        if (!bytes) return null;
        const own = bytes.get(track.id) ?? 0;
        const sizeBytes = track.kind === 'video' && sound ? own + (bytes.get(sound.id) ?? 0) : own;
        return { url: absoluteUrl(addresses().publicUrl, paths.download(id, track.id)), sizeBytes };
      };
      const items = tracks.flatMap((track) => viewTrack(track, download(track)));
      return { items, total: items.length };
    },
  };
}

type FlavorAsset = z.infer<typeof flavorAssetSchema>;

function viewTrack(track: Track, download: FlavorAsset['download']): FlavorAsset | [] {
  if (track.kind === 'text') return [];
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
    download,
  };
}
