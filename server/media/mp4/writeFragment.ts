import { concatBytes, words, writeBox } from './boxWriter.ts';

/** A sample to be written, in decoding order. */
export interface NewSample {
  readonly data: Uint8Array;
  readonly durationTicks: number;
  readonly compositionTicks: number;
  readonly sync: boolean;
}

export const syncFlags = 0x2000000;
export const nonSyncFlags = 0x1010000;

/** A `moof` + `mdat` of one track; there has to be a sample. `lead`: boxes before them. */
export function writeFragment(
  trackId: number,
  decodeTicks: number,
  samples: readonly NewSample[],
  lead: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  const entries = samples.flatMap(({ durationTicks, data, sync, compositionTicks }) => [
    durationTicks,
    data.length,
    sync ? syncFlags : nonSyncFlags,
    compositionTicks,
  ]);
  const moof = (dataOffset: number) =>
    writeBox(
      'moof',
      // Nobody counts these (ISO/IEC 14496-12 8.8.5 asks for a rising number only within one file as written).
      writeBox('mfhd', words(0, 1)),
      writeBox(
        'traf',
        writeBox('tfhd', words(0x020000, trackId)), // default-base-is-moof
        writeBox('tfdt', words(0x01000000, Math.floor(decodeTicks / 2 ** 32), decodeTicks % 2 ** 32)),
        // Version 1: signed composition offsets. Data offset; duration, size, flags and offset for each sample.
        writeBox('trun', words(0x01000f01, samples.length, dataOffset, ...entries)),
      ),
    );
  return concatBytes([...lead, moof(moof(0).length + 8), writeBox('mdat', ...samples.map(({ data }) => data))]);
}
