import { concatBytes, words, writeBox } from './boxWriter.ts';
import type { SampleTable } from './sampleTable.ts';

/** A track of a movie that is not fragmented. */
export interface MovieTrack {
  readonly kind: 'video' | 'audio';
  readonly timescale: number;
  /** Pixels; 0 for sound. */
  readonly width: number;
  readonly height: number;
  /** Sample entries. */
  readonly descriptions: readonly Uint8Array[];
  readonly samples: SampleTable;
  /** What is shown when the movie begins, in the track's ticks from its first sample on. */
  readonly beginTicks: number;
  /** Movie time, in ms, before which the track has nothing. */
  readonly delayMs: number;
  /** Of its chunks, in the file. */
  readonly chunkOffsets: readonly number[];
}

/** Exact for all usual frame rates, and about a tenth of a sample of sound. */
const movieTimescale = 90_000 * 8;
const unity = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

/** `ftyp` and `moov` of a progressive MP4 (ISO/IEC 14496-12). `isLarge`: places take 64 bits. */
export function writeMovie(tracks: readonly MovieTrack[], isLarge: boolean): Uint8Array {
  const durations = tracks.map(durationOf);
  const moov = writeBox(
    'moov',
    writeBox(
      'mvhd',
      words(0x01000000, ...long(0), ...long(0), movieTimescale, ...long(Math.max(0, ...durations))),
      words(0x10000, 0x1000000, 0, 0, ...unity, 0, 0, 0, 0, 0, 0, tracks.length + 1),
    ),
    ...tracks.map((track, index) => writeTrack(track, index + 1, durations[index]!, isLarge)),
  );
  const brands = Buffer.from('isom\0\0\x02\0isomiso2avc1mp41', 'latin1');
  return concatBytes([writeBox('ftyp', brands), moov]);
}

function writeTrack(track: MovieTrack, id: number, duration: number, isLarge: boolean): Uint8Array {
  const isVideo = track.kind === 'video';
  return writeBox(
    'trak',
    writeBox(
      'tkhd',
      // Enabled and in the movie.
      words(0x01000003, ...long(0), ...long(0), id, 0, ...long(duration), 0, 0, 0),
      words(isVideo ? 0 : 0x01000000, ...unity, track.width * 0x10000, track.height * 0x10000),
    ),
    writeBox('edts', editList(track, duration)),
    writeBox(
      'mdia',
      writeBox(
        'mdhd',
        words(0x01000000, ...long(0), ...long(0), track.timescale, ...long(track.samples.ticks)),
        // Language: undetermined.
        words(0x55c40000),
      ),
      writeBox('hdlr', words(0, 0), text(isVideo ? 'vide' : 'soun'), words(0, 0, 0), text('\0')),
      writeBox(
        'minf',
        isVideo ? writeBox('vmhd', words(1, 0, 0)) : writeBox('smhd', words(0, 0)),
        writeBox('dinf', writeBox('dref', words(0, 1), writeBox('url ', words(1)))),
        track.samples.box(track.descriptions, track.chunkOffsets, isLarge),
      ),
    ),
  );
}

/** What comes late waits; what comes early, or has reordered frames, begins within its media. */
function editList(track: MovieTrack, duration: number): Uint8Array {
  const delay = Math.round((track.delayMs * movieTimescale) / 1000);
  const edits = delay > 0 ? [[...long(delay), 0xffffffff, 0xffffffff, 0x10000]] : [];
  edits.push([...long(duration - delay), ...long(track.beginTicks + track.samples.reorderTicks), 0x10000]);
  return writeBox('elst', words(0x01000000, edits.length, ...edits.flat()));
}

/** Of the track in the movie, in movie ticks. */
function durationOf({ samples, timescale, beginTicks, delayMs }: MovieTrack): number {
  const seconds = (samples.ticks - beginTicks) / timescale + delayMs / 1000;
  return Math.max(0, Math.round(seconds * movieTimescale));
}

function long(value: number): [number, number] {
  return [Math.floor(value / 2 ** 32), value % 2 ** 32];
}

function text(characters: string): Buffer {
  return Buffer.from(characters, 'latin1');
}
