import { readFile, truncate } from 'node:fs/promises';
import { isMissingFile } from '../../missingFile.ts';
import { Mp4Error } from '../../media/mp4/box.ts';
import { readTrackInit, type InitBase } from '../../media/mp4/initSegment.ts';
import { scanFragments } from '../../media/mp4/scanFragments.ts';
import type { Segment, TrackSegment } from '../../media/timeline.ts';
import { joinFragments } from '../packTracks.ts';
import { referenceTrack, segmentDurationMs } from '../segmentDuration.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import type { NewSegment } from '../storedSegment.ts';
import type { TimelineFolder } from '../disk/timelineFolder.ts';
import type { Inventory, TrackInventory } from './inventory.ts';

export interface Salvaged {
  readonly period: StoredPeriod;
  readonly file: number;
  readonly segment: NewSegment;
}

/** Where the index ends. */
export interface LastIndexed {
  readonly folder: number;
  readonly file: number;
  readonly segment: Segment;
}

/**
 * The segments that were being written when the server died: files beyond the index's last. Their whole fragments are
 * kept, torn ends are cut off. Claims the files.
 */
export async function* salvageSegments(
  periods: readonly StoredPeriod[],
  last: LastIndexed | undefined,
  epochMs: number,
  folder: TimelineFolder,
  inventory: Inventory,
): AsyncGenerator<Salvaged> {
  let before: { readonly folder: number; readonly segment: NewSegment } | undefined = last;
  for (const period of periods) {
    if (last && period.folder < last.folder) continue;
    const inits = await readInits(period, folder);
    const found = inventory.periods.get(period.folder);
    if (!found) continue;
    const floor = last && period.folder === last.folder ? last.file + 1 : 0;
    const files = new Set(Array.from(inits.keys()).flatMap((id) => Array.from(found.get(id)?.media ?? [])));
    for (const file of Array.from(files)
      .filter((file) => file >= floor)
      .toSorted((a, b) => a - b)) {
      const parts = await salvageParts(period, file, inits, folder, found);
      if (Object.keys(parts).length === 0) continue;
      const segment = describeSegment(
        period,
        parts,
        before?.folder === period.folder ? before.segment : undefined,
        epochMs,
      );
      before = { folder: period.folder, segment };
      yield { period, file, segment };
    }
  }
}

async function readInits(period: StoredPeriod, folder: TimelineFolder): Promise<Map<string, InitBase>> {
  const inits = new Map<string, InitBase>();
  for (const { id } of period.tracks) {
    try {
      inits.set(id, readTrackInit(await readFile(folder.initPath(period.folder, id))));
    } catch (error) {
      if (!(error instanceof Mp4Error) && !isMissingFile(error)) throw error;
    }
  }
  return inits;
}

async function salvageParts(
  period: StoredPeriod,
  file: number,
  inits: ReadonlyMap<string, InitBase>,
  folder: TimelineFolder,
  found: ReadonlyMap<string, TrackInventory>,
): Promise<Record<string, TrackSegment>> {
  const parts: Record<string, TrackSegment> = {};
  for (const [id, init] of inits) {
    const media = found.get(id)?.media;
    if (!media?.has(file)) continue;
    const path = folder.mediaPath(period.folder, id, file);
    const bytes = await readFile(path);
    const fragments = scanFragments(bytes, init);
    if (fragments.length === 0) continue;
    const part = joinFragments(fragments);
    if (part.bytes < bytes.length) await truncate(path, part.bytes);
    media.delete(file);
    parts[id] = part;
  }
  return parts;
}

function describeSegment(
  period: StoredPeriod,
  parts: Readonly<Record<string, TrackSegment>>,
  before: NewSegment | undefined,
  epochMs: number,
): NewSegment {
  const reference = referenceTrack(period.tracks, parts) ?? period.tracks.find(({ id }) => parts[id])!;
  const startMs = (parts[reference.id]!.startTicks * 1000) / reference.timescale;
  // The wall clock ran on since the segment before it; without one, the timeline's own clock is the best there is.
  const wallClockMs = before ? before.wallClockMs + startMs - before.startMs : epochMs + startMs;
  return { startMs, wallClockMs, durationMs: segmentDurationMs(period.tracks, parts), tracks: parts };
}
