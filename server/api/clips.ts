import { setTimeout as delay } from 'node:timers/promises';
import type { clipRoutes } from '../../shared/api/clips.ts';
import type { Entry, VideoEntry } from '../../shared/model/entry.ts';
import type { Entries, StoredEntry } from '../catalog/entries.ts';
import { isRefusal, reject, RefusedError, type Refusal } from '../errors.ts';
import type { HandlersOf } from './call.ts';
import { nameOf, type Caller } from './callers.ts';
import type { ClipControl } from './clipControl.ts';
import { entryViewer, type ViewedStages } from './entryViewer.ts';
import { mayEdit } from './permissions.ts';

interface Stages extends ViewedStages {
  readonly entries: Entries;
  readonly clips: ClipControl;
}

/** A clip is there at once; the answer waits this long for it to be made, so that it can tell what went wrong. Later, its entry does. */
const patienceMs = 5000;

/** Clips and trims of entries. */
export function clipHandlers(stages: Stages): HandlersOf<typeof clipRoutes> {
  const { entries, clips } = stages;
  const { viewWith } = entryViewer(stages);

  const find = async (id: string): Promise<StoredEntry> => (await entries.get(id)) ?? reject('entryNotFound');

  const view = async (entry: StoredEntry, caller: Caller | undefined): Promise<VideoEntry> =>
    asVideo(await viewWith(entry, caller, undefined));

  const edit = async (id: string, caller: Caller | undefined, work: () => Promise<Refusal | undefined>) => {
    if (!mayEdit(caller, await find(id))) reject('forbidden');
    const refusal = await work();
    if (refusal) throw new RefusedError(refusal);
    return await view(await find(id), caller);
  };

  return {
    async getMediaSpan({ params }) {
      const { gaps, parts, ...span } = accepted(await clips.span(params.id));
      return { ...span, gaps: [...gaps], parts: [...parts] };
    },

    async listClips({ params, query, caller }) {
      const { id } = await find(params.id);
      const { items, total } = await entries.list({ ...query, sourceId: id, origin: 'clip' });
      const parts = await clips.partsOf(items.map((item) => item.id));
      const shown = items.map(async (item) =>
        Object.assign(await view(item, caller), { parts: [...(parts.get(item.id) ?? [])] }),
      );
      return { items: await Promise.all(shown), total };
    },

    async createClip({ params, body, caller }) {
      const { name, description, tags, ...rest } = body;
      const parts = 'parts' in rest ? rest.parts : [rest];
      const createdBy = caller ? nameOf(caller) : null;
      const request = { sourceEntryId: params.id, parts, name, description, tags, createdBy };
      const { entryId, finished } = accepted(await clips.create(request));
      const patience = new AbortController();
      const refusal = await Promise.race([
        finished,
        delay(patienceMs, undefined, { signal: patience.signal, ref: false }).catch(() => undefined),
      ]);
      patience.abort();
      // Who asked is told; nobody else has to be.
      if (refusal) await entries.delete(entryId);
      if (refusal) throw new RefusedError(refusal);
      return await view(await find(entryId), caller);
    },

    async trimEntry({ params, body, caller }) {
      return await edit(params.id, caller, () => clips.trim(params.id, body));
    },

    async undoTrim({ params, caller }) {
      return await edit(params.id, caller, () => clips.undoTrim(params.id));
    },

    async keepTrim({ params, caller }) {
      return await edit(params.id, caller, () => clips.keepTrim(params.id));
    },
  };
}

function accepted<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new RefusedError(answer);
  return answer;
}

function asVideo(entry: Entry): VideoEntry {
  return entry.type === 'video' ? entry : reject('entryNotFound');
}
