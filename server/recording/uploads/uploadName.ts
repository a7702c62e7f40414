const leastLength = 5;
const mostLength = 200;

/** What an upload's entry is called: what was chosen, or the file's name without its ending. Fit to be shown. */
export function uploadName(chosen: string | null | undefined, fileName: string | null | undefined): string {
  const name = clean(chosen) || clean(fileName?.replace(/\.[a-z0-9]{1,5}$/i, ''));
  if (name.length >= leastLength) return name.slice(0, mostLength).trimEnd();
  return `Upload ${name}`.trimEnd();
}

function clean(text: string | null | undefined): string {
  return (text ?? '')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
