import { words, writeBox } from '../../media/mp4/boxWriter.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { fragmentNumber } from './fragmentPath.ts';
import type { FragmentRuns } from './fragmentRuns.ts';

const timescale = 1000;
const versionAndFlags = 0;
const liveFlag = 0x20;
const one = Uint8Array.of(1);

/**
 * Which fragments there are and when: the bootstrap of every rendition (Adobe F4V 2.11.2). The timeline must have a segment;
 * `runs` are its, as made for its last version.
 */
export function bootstrapBox(timeline: TimelineReader, runs: FragmentRuns): Buffer {
  runs.update(timeline);
  const { segments, ended } = timeline;
  const last = segments.at(-1)!;
  const count = fragmentNumber(last) + 1 - fragmentNumber(segments[0]!);
  const endMs = Math.round(last.startMs + last.durationMs);
  // Clients take a bootstrap for newer by this number: it follows from what is listed and so outlives the server.
  const version = fragmentNumber(last) + (ended ? 1 : 0);
  const box = writeBox(
    'abst',
    words(versionAndFlags, version),
    Uint8Array.of(ended ? 0 : liveFlag), // profile "named" in the two highest bits
    words(timescale, ...uint64(endMs), ...uint64(0)), // SMPTE time code offset
    new Uint8Array(5), // movie identifier, server and quality entries, DRM data, metadata: none
    one,
    segmentRunTable(count),
    one,
    fragmentRunTable(runs, ended),
  );
  return Buffer.from(box.buffer, box.byteOffset, box.length);
}

/** Adobe F4V 2.11.2.1: one segment, with as many numbers as are left of it. Clients count on from the first in `afrt`. */
function segmentRunTable(fragments: number): Uint8Array {
  return writeBox('asrt', words(versionAndFlags), Uint8Array.of(0), words(1, 1, fragments));
}

/** Adobe F4V 2.11.2.2 */
function fragmentRunTable(runs: FragmentRuns, ended: boolean): Uint8Array {
  const head = [words(versionAndFlags, timescale), Uint8Array.of(0), words(runs.length(ended))];
  return writeBox('afrt', ...head, runs.entries(ended));
}

function uint64(value: number): [number, number] {
  return [Math.floor(value / 2 ** 32), value % 2 ** 32];
}
