const leastLength = 5;
const mostLength = 200;

/** The file's name without its ending, as a name of an entry: `IMG_0042.mov` is "IMG 0042". */
export function nameFromFile(fileName: string): string {
  const words = fileName
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .slice(0, mostLength)
    .trimEnd();
  return words.length < leastLength ? `Upload ${words}`.trimEnd() : words;
}
