import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../missingFile.ts';
import { isTrackId } from '../disk/timelineFolder.ts';

/** One track's files in one period; what is known from the index is taken out. */
export interface TrackInventory {
  readonly initBytes: number;
  /** Numbers of its media files. */
  readonly media: Set<number>;
}

export interface Inventory {
  /** By period folder, then by track id. */
  readonly periods: ReadonlyMap<number, ReadonlyMap<string, TrackInventory>>;
  /** Paths of whatever the store does not make. */
  readonly strays: readonly string[];
}

/** Lists a timeline's folder, one directory after the other. */
export async function takeInventory(path: string): Promise<Inventory> {
  const periods = new Map<number, Map<string, TrackInventory>>();
  const strays: string[] = [];
  for (const period of await list(path)) {
    if (!/^\d{1,10}$/.test(period.name) || !period.isDirectory()) {
      strays.push(join(path, period.name));
      continue;
    }
    const tracks = new Map<string, TrackInventory>();
    periods.set(Number(period.name), tracks);
    const periodPath = join(path, period.name);
    for (const track of await list(periodPath)) {
      if (!isTrackId(track.name) || !track.isDirectory()) strays.push(join(periodPath, track.name));
      else tracks.set(track.name, await takeTrackInventory(join(periodPath, track.name), strays));
    }
  }
  return { periods, strays };
}

async function takeTrackInventory(path: string, strays: string[]): Promise<TrackInventory> {
  const media = new Set<number>();
  let initBytes = 0;
  for (const entry of await list(path)) {
    const file = /^(\d{1,10})\.m4s$/.exec(entry.name)?.[1];
    if (entry.isFile() && file !== undefined) media.add(Number(file));
    else if (entry.isFile() && entry.name === 'init.mp4') initBytes = fileBytes(join(path, entry.name));
    else strays.push(join(path, entry.name));
  }
  return { initBytes, media };
}

/** 0 when there is no such file. Synchronous: ten times as fast, and nothing is served yet. */
export function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function list(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
