import type { CompositionRow } from '../segmentTables.ts';
import type { StoreProblem } from './inspectTimeline.ts';

/** What the catalog says of those whose media the store keeps. */
export interface KnownEntries {
  readonly ids: ReadonlySet<string>;
  /** Videos that should have media. */
  readonly playable: readonly string[];
}

/** What is made for a cut or an upload is kept under such a name until it is an entry's. */
const ownersOfWork = /^(?:cut|upload)-/;

/** Compositions that are nobody's, and videos that have none. */
export function inspectOwners(
  compositions: readonly Pick<CompositionRow, 'name' | 'entry_id'>[],
  { ids, playable }: KnownEntries,
): StoreProblem[] {
  const names = new Set(compositions.map(({ name }) => name));
  return [
    ...compositions
      .filter(({ entry_id: owner }) => !ids.has(owner) && !ownersOfWork.test(owner))
      .map(({ name }): StoreProblem => ({ kind: 'orphan', where: name })),
    ...playable.filter((id) => !names.has(id)).map((id): StoreProblem => ({ kind: 'videoWithoutMedia', where: id })),
  ];
}
