import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMissingFile } from '../../missingFile.ts';
import { folderOfUnknown, isTimelineId } from '../disk/timelineFolder.ts';

/** Folders of timelines that the index does not have. */
export async function unknownTimelines(directory: string, known: ReadonlySet<string>): Promise<string[]> {
  const entries = await listOrNothing(directory);
  return entries
    .filter((entry) => entry.isDirectory() && isTimelineId(entry.name) && !known.has(entry.name))
    .map(({ name }) => name);
}

/** What has been set aside. */
export async function listSetAside(directory: string): Promise<string[]> {
  return (await listOrNothing(join(directory, folderOfUnknown))).map(({ name }) => name);
}

/**
 * Moves media that no row speaks of to where they are in nobody's way, and are kept: it may be the index that is lost. A
 * folder without a file is deleted. Returns where it is now, below the media's directory.
 */
export async function setAside(directory: string, path: string, name = basename(path)): Promise<string | undefined> {
  if (!(await hasFiles(path))) {
    await rm(path, { recursive: true, force: true });
    return undefined;
  }
  await mkdir(join(directory, folderOfUnknown), { recursive: true });
  const taken = new Set(await listSetAside(directory));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}.${number}`;
  await rename(path, join(directory, folderOfUnknown, free));
  return join(folderOfUnknown, free);
}

async function hasFiles(path: string): Promise<boolean> {
  for (const entry of await listOrNothing(path))
    if (!entry.isDirectory() || (await hasFiles(join(path, entry.name)))) return true;
  return false;
}

async function listOrNothing(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
