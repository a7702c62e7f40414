import { concatBytes, words, writeBox } from './boxWriter.ts';
import { nonSyncFlags, syncFlags, type NewSample } from './writeFragment.ts';

/** Where a fragment lies in its stream, in units of 100 ns. */
export interface SmoothTime {
  readonly start: number;
  readonly duration: number;
}

export interface SmoothFragment {
  readonly trackId: number;
  readonly sequence: number;
  /** Presentation of the first sample, which players take for its decoding time, too. */
  readonly time: SmoothTime;
  /** Fragments that follow, as far as they are known. */
  readonly next: readonly SmoothTime[];
  /** In units of 100 ns; there has to be one, and the first one's composition offset has to be 0. */
  readonly samples: readonly NewSample[];
}

const fragmentTimeId = '6d1d9b0542d544e680e2141daff757b2';
const followingFragmentsId = 'd4807ef2ca3946958e5426cb9e46a79f';
const mdatHeaderBytes = 8;

/** A fragment of Smooth Streaming (MS-SSTR 2.2.4); its first `moofBytes` are what FragmentInfo asks for. */
export function writeSmoothFragment(fragment: SmoothFragment): { bytes: Uint8Array<ArrayBuffer>; moofBytes: number } {
  const { samples } = fragment;
  const moofBytes = moofOf(fragment, 0).length;
  const moof = moofOf(fragment, moofBytes + mdatHeaderBytes);
  const mediaBytes = samples.reduce((sum, { data }) => sum + data.length, mdatHeaderBytes);
  const header = concatBytes([words(mediaBytes), Buffer.from('mdat')]);
  return { bytes: concatBytes([moof, header, ...samples.map(({ data }) => data)]), moofBytes };
}

function moofOf({ trackId, sequence, time, next, samples }: SmoothFragment, dataOffset: number): Uint8Array {
  return writeBox(
    'moof',
    writeBox('mfhd', words(0, sequence % 2 ** 32)),
    writeBox(
      'traf',
      // Default sample flags, for clients that look there first.
      writeBox('tfhd', words(0x000020, trackId, samples.every(({ sync }) => sync) ? syncFlags : nonSyncFlags)),
      trackRun(samples, dataOffset),
      uuidBox(fragmentTimeId, ...timeWords(time)),
      // Version 1, no flags; the number of entries is one byte.
      writeBox(
        'uuid',
        uuid(followingFragmentsId),
        words(0x01000000),
        Uint8Array.of(next.length),
        words(...next.flatMap(timeWords)),
      ),
    ),
  );
}

/** Version 1: composition offsets are signed. They are left out where they are all 0, as in sound. */
function trackRun(samples: readonly NewSample[], dataOffset: number): Uint8Array {
  const reordered = samples.some(({ compositionTicks }) => compositionTicks !== 0);
  const entries: number[] = [];
  for (const { durationTicks, data, sync, compositionTicks } of samples) {
    entries.push(durationTicks, data.length, sync ? syncFlags : nonSyncFlags);
    if (reordered) entries.push(compositionTicks);
  }
  return writeBox('trun', words(reordered ? 0x01000f01 : 0x01000701, samples.length, dataOffset, ...entries));
}

/** A box with a type of 128 bits, version 1 and no flags. */
function uuidBox(id: string, ...content: readonly number[]): Uint8Array {
  return writeBox('uuid', uuid(id), words(0x01000000, ...content));
}

function uuid(id: string): Uint8Array {
  return Buffer.from(id, 'hex');
}

function timeWords({ start, duration }: SmoothTime): number[] {
  return [start, duration].flatMap((value) => [Math.floor(value / 2 ** 32), value % 2 ** 32]);
}
