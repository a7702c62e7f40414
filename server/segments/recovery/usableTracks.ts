import type { TrackSegment } from '../../media/timeline.ts';
import { joinFragments } from '../packTracks.ts';
import type { StoredPeriod } from '../storedPeriod.ts';
import type { TimelineFolder } from '../disk/timelineFolder.ts';
import { fileBytes, type Inventory } from './inventory.ts';

/** A period without the tracks whose init segment is lost; whole when all are, so that it still says what it was. */
export function usablePeriod(period: StoredPeriod, inventory: Inventory): { period: StoredPeriod; lost: Set<string> } {
  const found = inventory.periods.get(period.folder);
  const usable = period.tracks.filter(({ id }) => found?.get(id)?.initBytes === period.initBytes[id]);
  const lost = new Set(period.tracks.filter((track) => !usable.includes(track)).map(({ id }) => id));
  if (lost.size === 0 || usable.length === 0) return { period, lost };
  const initBytes = Object.fromEntries(usable.map(({ id }) => [id, period.initBytes[id]!]));
  return { period: { ...period, tracks: usable, initBytes }, lost };
}

/** What the files of a segment still hold: a file that was cut short, only its whole fragments. Claims the files. */
export function usableParts(
  parts: Readonly<Record<string, TrackSegment>>,
  place: { readonly folder: number; readonly file: number },
  folder: TimelineFolder,
  inventory: Inventory,
  lost: ReadonlySet<string> | undefined,
): { parts: Readonly<Record<string, TrackSegment>>; changed: boolean } {
  const usable: Record<string, TrackSegment> = {};
  let changed = false;
  for (const [id, part] of Object.entries(parts)) {
    const media = inventory.periods.get(place.folder)?.get(id)?.media;
    const isThere = lost?.has(id) === false && media?.has(place.file);
    const bytes = isThere ? fileBytes(folder.mediaPath(place.folder, id, place.file)) : 0;
    const whole = bytes >= part.bytes ? part : firstBytes(part, bytes);
    if (whole) {
      usable[id] = whole;
      media?.delete(place.file);
    }
    changed ||= whole !== part;
  }
  return { parts: usable, changed };
}

function firstBytes({ fragments }: TrackSegment, bytes: number): TrackSegment | undefined {
  const whole = fragments.filter((fragment) => fragment.offset + fragment.bytes <= bytes);
  return whole.length > 0 ? joinFragments(whole) : undefined;
}
