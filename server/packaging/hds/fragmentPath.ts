import type { Segment } from '../../media/timeline.ts';

/** A fragment as clients ask for it: the media's address with `Seg1-Frag` and a number behind it. */
interface FragmentPath {
  readonly tag: string;
  readonly trackId: string;
  readonly number: number;
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
  return { tag, trackId, number: Number(number) };
}

/** The timeline's tag in the path of a bootstrap. */
export function parseBootstrapPath(path: string): string | undefined {
  return bootstrapShape.exec(path)?.[1];
}

/**
 * The same number on every rendition, from 1 on as the format wants it, and never another one for the same media. Each new
 * period leaves a number out: clients skip the fragment whose number a discontinuity is marked with.
 */
export function fragmentNumber({ sequence, period }: Pick<Segment, 'sequence' | 'period'>): number {
  return sequence + 1 + period;
}

export const hdsPath = {
  /** What clients put `Seg1-Frag…` behind. */
  media: (tag: string, trackId: string) => `${tag}/${trackId}`,
  bootstrap: (tag: string) => `${tag}/bootstrap.abst`,
} as const;
