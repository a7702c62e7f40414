import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Entries } from './catalog/entries.ts';
import { ConfigError, loadConfig } from './config/config.ts';
import { lockDirectory } from './directoryLock.ts';
import { databasePath, openServerDatabase } from './openServerDatabase.ts';
import { inspectStore, type StoreInspection } from './segments/recovery/inspectStore.ts';
import { problemKinds, type StoreProblem } from './segments/recovery/inspectTimeline.ts';
import { repairStore } from './segments/recovery/repairStore.ts';
import { folderOfUnknown } from './segments/disk/timelineFolder.ts';
import { SegmentIndex } from './segments/segmentIndex.ts';

/** Of each kind of problem, so many are listed. */
const mostListed = 20;

/**
 * `npm run check-store [-- --deep] [-- --repair]`: compares the stored media with their index, with `--deep` every fragment of
 * every file. Exit code 1 when something is wrong, and
 * has not been repaired.
 */
async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { repair: flag, deep: flag } });
  const { dataDir } = loadConfig();
  if (!existsSync(databasePath(dataDir))) {
    print(`There is no database in ${dataDir}.`);
    return 1;
  }
  const lock = await lockDirectory(dataDir);
  if (!lock && values.repair) {
    print(`The server is running on ${dataDir}: stop it, then repair.`);
    return 1;
  }
  const database = await openServerDatabase(dataDir);
  try {
    const directory = join(dataDir, 'media');
    const index = new SegmentIndex(database);
    const entries = () => new Entries(database).withMedia();
    const before = await inspectStore(directory, index, { busy: !lock, deep: values.deep, entries });
    printInspection(before, directory);
    if (!values.repair || before.problems.length === 0) return before.problems.length > 0 ? 1 : 0;
    await repairStore(before.problems, directory, index);
    const after = await inspectStore(directory, index, { busy: false, deep: values.deep, entries });
    print('\nAfter the repair:');
    printInspection(after, directory);
    return after.problems.length > 0 ? 1 : 0;
  } finally {
    await database.destroy();
    lock?.release();
  }
}

function printInspection(inspection: StoreInspection, directory: string): void {
  const { timelines, segments, files, bytes, compositions, problems, setAside } = inspection;
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  print(
    `${timelines} broadcasts, ${segments} segments in ${files} files (${size}), ${compositions} recordings and clips.`,
  );
  if (problems.length === 0) print('Index and files agree.');
  for (const kind of Object.keys(problemKinds) as StoreProblem['kind'][]) {
    const found = problems.filter((problem) => problem.kind === kind);
    if (found.length === 0) continue;
    print(`\n${problemKinds[kind]} (${found.length}):`);
    printList(found.map(({ where }) => where));
  }
  if (setAside.length > 0) printSetAside(setAside, directory);
}

/** Kept until somebody decides: the index may be what is lost. */
function printSetAside(folders: readonly string[], directory: string): void {
  const path = join(directory, folderOfUnknown);
  print(`\nMedia that the index does not have are kept in ${path} (${folders.length}):`);
  printList(folders);
  print(`Put them back together with the database they belong to, or delete that folder if nobody needs them.`);
}

function printList(lines: readonly string[]): void {
  for (const line of lines.slice(0, mostListed)) print(`  ${line}`);
  if (lines.length > mostListed) print(`  … and ${lines.length - mostListed} more`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    process.exitCode = 1;
    const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
  },
);
