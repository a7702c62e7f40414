import type { SegmentIndex } from '../segmentIndex.ts';
import type { SegmentRange } from '../segmentStore.ts';
import { inspectOwners, type KnownEntries } from './inspectOwners.ts';
import { inspectTimeline, type Inspection, type StoreProblem } from './inspectTimeline.ts';
import { listSetAside, unknownTimelines } from './setAside.ts';
import { storedParts } from './storedParts.ts';

export interface StoreInspection extends Inspection {
  readonly timelines: number;
  readonly compositions: number;
  /** Folders that an earlier start has set aside. */
  readonly setAside: readonly string[];
}

export interface InspectionOptions {
  /** Somebody writes meanwhile, so that only what is wrong at both of two looks is wrong. */
  readonly busy: boolean;
  /** Files are read. */
  readonly deep: boolean;
  readonly entries: () => Promise<KnownEntries>;
}

/** Compares the whole index with all files, and with the catalog. */
export async function inspectStore(
  directory: string,
  index: SegmentIndex,
  { busy, deep, entries }: InspectionOptions,
): Promise<StoreInspection> {
  const timelines = await index.timelines();
  const sums = { timelines: timelines.length, compositions: 0, segments: 0, files: 0, bytes: 0 };
  const problems: StoreProblem[] = [];
  for (const timeline of timelines) {
    const found = await inspectTimeline(timeline, directory, index, deep);
    sums.segments += found.segments;
    sums.files += found.files;
    sums.bytes += found.bytes;
    const again = busy && found.problems.length > 0 ? await inspectTimeline(timeline, directory, index, deep) : found;
    problems.push(...inBoth(found.problems, again.problems));
  }
  const known = new Set((await index.timelines()).map(({ id }) => id));
  for (const where of await unknownTimelines(directory, known)) problems.push({ kind: 'unknownFolder', where });
  for (const { name, ranges } of await index.compositions()) {
    sums.compositions++;
    const { missing } = await storedParts(JSON.parse(ranges) as SegmentRange[], index);
    for (const what of missing) problems.push({ kind: 'missingSegments', where: `${name}: ${what}` });
  }
  const look = async () => inspectOwners(await index.compositions(), await entries());
  const unfit = await look();
  problems.push(...(busy && unfit.length > 0 ? inBoth(unfit, await look()) : unfit));
  return { ...sums, problems, setAside: await listSetAside(directory) };
}

function inBoth(some: readonly StoreProblem[], others: readonly StoreProblem[]): StoreProblem[] {
  const seen = new Set(others.map(({ kind, where }) => `${kind} ${where}`));
  return some.filter(({ kind, where }) => seen.has(`${kind} ${where}`));
}
