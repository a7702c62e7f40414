import type { StreamKind } from './chunk.ts';

/** What a path below the format's folder asks for (MS-SSTR 2.2.3). */
export interface FragmentPath {
  /** `timelineTag` of the timeline. */
  readonly tag: string;
  readonly kind: StreamKind;
  /** Names the rendition. */
  readonly bitrate: number;
  /** Start of the chunk, in units of 100 ns. */
  readonly start: number;
  /** The fragment without its media. */
  readonly infoOnly: boolean;
}

const longestPath = 100;
const shape =
  /^([\w-]{8})\/QualityLevels\(([1-9]\d{0,9})\)\/(Fragments|FragmentInfo)\((video|audio)=(0|[1-9]\d{0,14})\)$/;

/** Undefined for anything that is not exactly a path this origin writes. */
export function parseFragmentPath(path: string): FragmentPath | undefined {
  if (path.length > longestPath) return undefined;
  const match = shape.exec(path);
  if (!match) return undefined;
  const [, tag = '', bitrate, noun, kind, start] = match;
  return {
    tag,
    kind: kind === 'video' ? 'video' : 'audio',
    bitrate: Number(bitrate),
    start: Number(start),
    infoOnly: noun === 'FragmentInfo',
  };
}

/** With the placeholders that clients fill in. */
export function fragmentUrl(tag: string, kind: StreamKind): string {
  return `${tag}/QualityLevels({bitrate})/Fragments(${kind}={start time})`;
}
