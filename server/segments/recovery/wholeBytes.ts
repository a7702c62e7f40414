import { readFile } from 'node:fs/promises';
import { Mp4Error } from '../../media/mp4/box.ts';
import { readTrackInit, type InitBase } from '../../media/mp4/initSegment.ts';
import { scanFragments } from '../../media/mp4/scanFragments.ts';
import type { Fragment } from '../../media/timeline.ts';
import { isMissingFile } from '../../missingFile.ts';

/** Of a segment's file, the bytes up to which its fragments are those that the index says. */
export async function wholeBytes(path: string, init: InitBase, expected: readonly Fragment[]): Promise<number> {
  const file = await readOrNothing(path);
  if (!file) return 0;
  const found = new Map(scanFragments(file, init).map((fragment) => [fragment.offset, fragment]));
  let whole = 0;
  for (const { offset, bytes, startTicks } of expected) {
    const fragment = found.get(offset);
    if (fragment?.bytes !== bytes || fragment.startTicks !== startTicks) break;
    whole = offset + bytes;
  }
  return whole;
}

/** Undefined where it is lost or damaged. */
export async function readInitFile(path: string): Promise<InitBase | undefined> {
  const bytes = await readOrNothing(path);
  try {
    return bytes && readTrackInit(bytes);
  } catch (error) {
    if (error instanceof Mp4Error) return undefined;
    throw error;
  }
}

async function readOrNothing(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}
