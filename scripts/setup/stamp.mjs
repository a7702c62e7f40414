import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * A hash of the names and contents of files; folders are read whole. What does not exist counts as absent.
 * @param {string} root
 * @param {string[]} paths Below the root.
 * @param {(path: string) => boolean} [counts] Called with each file's path below the root.
 */
export function hashFiles(root, paths, counts = () => true) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((top) => filesBelow(join(root, top)))) {
    const name = relative(root, path).split(sep).join('/');
    if (!counts(name)) continue;
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]} In a stable order.
 */
function filesBelow(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Whether the stamp says that the work was done for exactly this content.
 * @param {string} stampPath
 * @param {string} content
 */
export function isStamped(stampPath, content) {
  try {
    return readFileSync(stampPath, 'utf8') === content;
  } catch {
    return false;
  }
}

/**
 * @param {string} stampPath
 * @param {string} content
 */
export function writeStamp(stampPath, content) {
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, content);
}
