import HLS from 'hls-parser';

/** Of PART-TARGET: the least that a part lasts which is not the last of its segment (RFC 8216bis 4.4.4.9). */
const leastPart = 0.85;
/** In target durations from the end of the playlist: parts of older segments are not listed (RFC 8216bis 6.2.2). */
const longestWithParts = 3;
/**
 * What hls-parser says of parts is judged here. It takes the one that is hinted at for the last one of its segment, which
 * it need not be, and target durations for segments, however short those are.
 */
const judgedHere = /at least 85% of PART-TARGET|greater than three target durations/;

interface ListedSegment {
  /** Seconds; undefined while it is being written. */
  duration?: number;
  readonly parts: number[];
}

/** What is wrong with a media playlist by itself, but for parts that are short. */
export function flawsOf(text: string): string[] {
  const flaws: string[] = [];
  try {
    HLS.setOptions({ strictMode: true });
    HLS.parse(text);
  } catch (error) {
    if (!(error instanceof Error) || !judgedHere.test(error.message)) flaws.push(String(error));
  }
  const partTarget = partTargetSeconds(text);
  const target = Number(/TARGETDURATION:(\d+)/.exec(text)?.[1]);
  let fromEnd = 0;
  for (const { duration, parts } of segmentsOf(text).toReversed()) {
    if (parts.length > 0 && fromEnd > longestWithParts * target) flaws.push(`parts of ${fromEnd} s before the end`);
    for (const seconds of parts)
      if (seconds > partTarget) flaws.push(`a part of ${seconds} s exceeds a target of ${partTarget} s`);
    fromEnd += duration ?? parts.reduce((sum, seconds) => sum + seconds, 0);
  }
  return flaws;
}

/**
 * Parts, but the last of a segment, that are shorter than the target allows: there are none of frames that come evenly.
 * Before a frame that would make a part too long there is no way around them.
 */
export function shortPartsOf(text: string): string[] {
  const target = partTargetSeconds(text);
  return segmentsOf(text)
    .flatMap(({ parts }) => parts.slice(0, -1))
    .filter((seconds) => seconds < leastPart * target)
    .map((seconds) => `a part of ${seconds} s is short of a target of ${target} s`);
}

/** What all playlists of a broadcast say alike (RFC 8216bis 4.4.3.8, 6.2.4). */
export function commonLines(text: string): string {
  return ['EXT-X-TARGETDURATION', 'EXT-X-SERVER-CONTROL']
    .map((tag) => new RegExp(`^#${tag}:.*`, 'm').exec(text)?.[0] ?? `no ${tag}`)
    .join(' ');
}

export function partHoldBackSeconds(text: string): number | undefined {
  const found = /PART-HOLD-BACK=([\d.]+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function partTargetSeconds(text: string): number {
  return Number(/PART-TARGET=([\d.]+)/.exec(text)?.[1] ?? 0);
}

function segmentsOf(text: string): ListedSegment[] {
  const segments: ListedSegment[] = [{ parts: [] }];
  for (const line of text.split('\n')) {
    const whole = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    const part = /^#EXT-X-PART:.*DURATION=([\d.]+)/.exec(line)?.[1];
    if (whole !== undefined) segments.at(-1)!.duration = Number(whole);
    else if (part !== undefined) segments.at(-1)!.parts.push(Number(part));
    else if (line !== '' && !line.startsWith('#')) segments.push({ parts: [] });
  }
  return segments;
}
