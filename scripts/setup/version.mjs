/**
 * The first version number in a text: `ffmpeg version 5.1.9-0+deb12u1` has 5.1.9, `n7.1` has 7.1.
 * @param {string} text
 * @returns {string | undefined}
 */
export function findVersion(text) {
  return /\d+(?:\.\d+)+/.exec(text)?.[0];
}

/**
 * Whether a dotted version is the wanted one or newer; missing parts count as 0.
 * @param {string | undefined} version
 * @param {string} wanted
 */
export function isAtLeast(version, wanted) {
  if (version === undefined) return false;
  const have = version.split('.').map(Number);
  const want = wanted.split('.').map(Number);
  for (let part = 0; part < Math.max(have.length, want.length); part++) {
    const difference = (have[part] ?? 0) - (want[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
