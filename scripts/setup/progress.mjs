/**
 * How far a program is, read from what it prints.
 * @typedef {(line: string) => string | undefined} ProgressReader
 */

/**
 * ninja: `[12/345] Compiling C++ object …`.
 * @param {string} line
 */
export function ninjaProgress(line) {
  const counts = /^\[(\d+)\/(\d+)\]/.exec(line);
  if (!counts) return undefined;
  const [done, all] = [Number(counts[1]), Number(counts[2])];
  return `compiling, ${all === 0 ? 0 : Math.floor((100 * done) / all)} % (file ${done} of ${all})`;
}

/**
 * apt-get with `APT::Status-Fd`: `dlstatus:3:41.7:…` while downloading, `pmstatus:libfoo:66.6:…` while unpacking.
 * @param {string} line
 */
export function aptProgress(line) {
  const status = /^(dl|pm)status:[^:]*:([\d.]+):/.exec(line);
  if (!status) return undefined;
  return `${status[1] === 'dl' ? 'downloading' : 'installing'}, ${Math.floor(Number(status[2]))} %`;
}

/**
 * npm with `--loglevel=http`: counts the packages it has fetched.
 * @param {number} packages How many there are in all.
 * @returns {ProgressReader}
 */
export function npmProgress(packages) {
  const fetched = new Set();
  return (line) => {
    const file = /npm http (?:fetch|cache).*?([^/\s]+\.tgz)/.exec(line);
    if (!file) return undefined;
    fetched.add(file[1]);
    return `fetched ${Math.min(fetched.size, packages)} of ${packages} packages`;
  };
}
