import type { Logger } from '../log.ts';
import type { SegmentStore } from '../segments/segmentStore.ts';

/** What is made for a cut or an upload is kept under such a name until it is an entry's: those take it back themselves. */
const ownersOfWork = /^(?:cut|upload)-/;

interface Catalog {
  get(id: string): Promise<object | undefined>;
}

/** Lets go of media whose entry was deleted when the server died in the middle of it. */
export async function dropOrphans(
  store: Pick<SegmentStore, 'owners' | 'decompose' | 'deleteEntry'>,
  catalog: Catalog,
  log: Logger,
): Promise<void> {
  for (const [owner, names] of store.owners()) {
    if (ownersOfWork.test(owner) || (await catalog.get(owner))) continue;
    log.warn({ entryId: owner }, 'letting go of the media of an entry that is not there any more');
    for (const name of names) await store.decompose(name);
    await store.deleteEntry(owner);
  }
}
