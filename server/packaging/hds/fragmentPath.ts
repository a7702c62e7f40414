/** A fragment as clients ask for it: the media's address with `Seg1-Frag` and a number behind it. */
interface FragmentPath {
  readonly tag: string;
  readonly trackId: string;
  readonly sequence: number;
}

const longestPath = 80;
/** All fragments are in one segment in HDS's sense of the word: numbers say enough. */
const fragmentShape = /^([\w-]{8})\/([a-z0-9]{1,16})Seg1-Frag([1-9]\d{0,9})$/;
const bootstrapShape = /^([\w-]{8})\/bootstrap\.abst$/;

/** Undefined for anything that is not exactly a path that clients make of what this origin writes. */
export function parseFragmentPath(path: string): FragmentPath | undefined {
  const match = path.length > longestPath ? undefined : fragmentShape.exec(path);
  if (!match) return undefined;
  const [, tag = '', trackId = '', number] = match;
  return { tag, trackId, sequence: Number(number) - 1 };
}

/** The timeline's tag in the path of a bootstrap. */
export function parseBootstrapPath(path: string): string | undefined {
  return bootstrapShape.exec(path)?.[1];
}

/** The same number on every rendition, from 1 on as the format wants it, and never another one for the same media. */
export function fragmentNumber(sequence: number): number {
  return sequence + 1;
}

export const hdsPath = {
  /** What clients put `Seg1-Frag…` behind. */
  media: (tag: string, trackId: string) => `${tag}/${trackId}`,
  bootstrap: (tag: string) => `${tag}/bootstrap.abst`,
} as const;
