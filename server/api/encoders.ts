import type { encoderFileRoutes, encoderRoutes } from '../../shared/api/encoders.ts';
import type { Entries, StoredEntry } from '../catalog/entries.ts';
import type { Profiles } from '../catalog/profiles.ts';
import { reject } from '../errors.ts';
import type { HandlersOf } from './call.ts';
import type { Caller } from './callers.ts';
import { viewIngest, type Addresses } from './entryView.ts';
import { exportToEncoders } from './exports/encoderExports.ts';
import type { ExportedEntry } from './exports/exportedEntry.ts';
import { writeFmleProfile } from './exports/fmleProfile.ts';
import { suggestedStreams } from './exports/suggestedStreams.ts';
import type { LiveControl } from './liveControl.ts';
import { mayPublish } from './permissions.ts';

interface Stages {
  readonly entries: Entries;
  readonly profiles: Profiles;
  readonly live: Pick<LiveControl, 'sources' | 'ingestEvents'>;
  readonly addresses: () => Addresses;
}

/** How encoders are set up for an entry, and how they do. */
export function encoderHandlers(stages: Stages): HandlersOf<typeof encoderRoutes & typeof encoderFileRoutes> {
  const { entries, profiles, live, addresses } = stages;

  const findToPublish = async (id: string, caller: Caller | undefined): Promise<StoredEntry> => {
    const entry = (await entries.get(id)) ?? reject('entryNotFound');
    if (!mayPublish(caller, entry)) reject('forbidden');
    if (entry.type !== 'live') reject('badRequest', 'Only a live entry has encoders.');
    return entry;
  };

  const findToExport = async (id: string, caller: Caller | undefined): Promise<ExportedEntry> => {
    const entry = await findToPublish(id, caller);
    const chosen = entry.profileId === null ? undefined : await profiles.get(entry.profileId);
    const streams = suggestedStreams(chosen ?? (await profiles.default()));
    return { id: entry.id, name: entry.name, ingest: viewIngest(entry, addresses()), streams };
  };

  return {
    async listEncoderSettings({ params, caller }) {
      const items = exportToEncoders(await findToExport(params.id, caller));
      return { items, total: items.length };
    },

    async exportFmle({ params, query, caller }) {
      const entry = await findToExport(params.id, caller);
      const { stream } = query;
      if (stream !== undefined && stream > entry.streams.length)
        reject('badRequest', 'The profile of this entry takes one stream; it is called 1.');
      return { name: `export_${entry.id}.xml`, text: writeFmleProfile(entry, query) };
    },

    async getIngest({ params, caller }) {
      const { id } = await findToPublish(params.id, caller);
      return { sources: [...live.sources(id)], events: [...live.ingestEvents(id)] };
    },
  };
}
