import type { pictureRoutes } from '../../shared/api/pictures.ts';
import type { Entries, StoredEntry } from '../catalog/entries.ts';
import { isRefusal, reject, RefusedError, type Refusal } from '../errors.ts';
import type { HandlersOf } from './call.ts';
import type { Caller } from './callers.ts';
import { entryViewer, type ViewedStages } from './entryViewer.ts';
import { mayEdit } from './permissions.ts';
import type { PictureControl } from './pictureControl.ts';

interface Stages extends ViewedStages {
  readonly entries: Entries;
  readonly pictures: PictureControl;
}

/** Posters and waveforms; the pictures themselves are below `/play/`. */
export function pictureHandlers(stages: Stages): HandlersOf<typeof pictureRoutes> {
  const { entries, pictures } = stages;
  const { view } = entryViewer(stages);

  const findToEdit = async (id: string, caller: Caller | undefined): Promise<StoredEntry> => {
    const entry = (await entries.get(id)) ?? reject('entryNotFound');
    if (!mayEdit(caller, entry)) reject('forbidden');
    return entry;
  };

  return {
    async choosePoster({ params, body, upload, caller }) {
      const entry = await findToEdit(params.id, caller);
      check(
        upload
          ? await pictures.choosePosterImage(entry.id, upload)
          : await pictures.choosePosterFrame(entry.id, body.atMs),
      );
      // Deleted while its poster was being made: nothing of it may stay.
      if (!(await entries.get(entry.id))) {
        await pictures.removePoster(entry.id);
        reject('entryNotFound');
      }
      return await view(entry, caller);
    },

    async resetPoster({ params, caller }) {
      const entry = await findToEdit(params.id, caller);
      await pictures.removePoster(entry.id);
      return await view(entry, caller);
    },

    async getPeaks({ params, query }) {
      const entry = (await entries.get(params.id)) ?? reject('entryNotFound');
      const peaks = await pictures.peaks({ entryId: entry.id, ...query });
      if (isRefusal(peaks)) throw new RefusedError(peaks);
      return peaks;
    },
  };
}

function check(refusal: Refusal | undefined): void {
  if (refusal) throw new RefusedError(refusal);
}
