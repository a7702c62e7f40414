/** Containers are not exact about their own length. */
const leastMs = 2000;
const share = 0.05;

/** What to say of a file of which less could be read than it announces; undefined when it is all there. */
export function missingPart(announcedMs: number | undefined, storedMs: number): string | undefined {
  if (announcedMs === undefined || announcedMs - storedMs <= Math.max(leastMs, announcedMs * share)) return undefined;
  const [announced, stored] = [announcedMs, storedMs].map((ms) => Math.round(ms / 1000));
  return `The file is damaged or incomplete: of its ${announced} seconds only ${stored} can be read. Upload it again from the original.`;
}
