import { concatBytes, words, writeBox } from './boxWriter.ts';

const trackId = 1;
const unity = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

/** `ftyp` + `moov` of one WebVTT track with id 1 (ISO/IEC 14496-30 5, ISO/IEC 14496-12 8). `language` is BCP 47. */
export function writeTextInit(timescale: number, language: string): Uint8Array<ArrayBuffer> {
  const track = writeBox(
    'trak',
    // Enabled and in the presentation; no volume, no size.
    writeBox('tkhd', words(7, 0, 0, trackId, 0, 0, 0, 0, 0, 0, ...unity, 0, 0)),
    writeBox(
      'mdia',
      writeBox('mdhd', words(0, 0, 0, timescale, 0, packLanguage(language) << 16)),
      writeBox('hdlr', words(0, 0), text('text'), words(0, 0, 0), text('WebVTT\0')),
      writeBox('elng', words(0), text(`${language}\0`)),
      writeBox(
        'minf',
        writeBox('nmhd', words(0)),
        writeBox('dinf', writeBox('dref', words(0, 1), writeBox('url ', words(1)))),
        sampleTable(),
      ),
    ),
  );
  return concatBytes([
    writeBox('ftyp', text('cmfc'), words(0), text('iso6cmfc')),
    writeBox(
      'moov',
      writeBox('mvhd', words(0, 0, 0, timescale, 0, 0x10000, 0x1000000, 0, 0, ...unity, 0, 0, 0, 0, 0, 0, trackId + 1)),
      track,
      writeBox('mvex', writeBox('trex', words(0, trackId, 1, 0, 0, 0))),
    ),
  ]);
}

function sampleTable(): Uint8Array {
  // Reserved, data reference 1.
  const entry = writeBox('wvtt', words(0, 1), writeBox('vttC', text('WEBVTT')));
  return writeBox(
    'stbl',
    writeBox('stsd', words(0, 1), entry),
    ...['stts', 'stsc', 'stco'].map((type) => writeBox(type, words(0, 0))),
    writeBox('stsz', words(0, 0, 0)),
  );
}

/** Three letters of five bits (ISO/IEC 14496-12 8.4.2.3): ISO 639-2, which BCP 47 has only where there is nothing shorter. */
function packLanguage(language: string): number {
  const code = /^[a-z]{3}$/.test(language) ? language : 'und';
  return Array.from(code, (letter) => letter.charCodeAt(0) - 0x60).reduce(
    (packed, letter) => (packed << 5) | letter,
    0,
  );
}

function text(characters: string): Uint8Array {
  return new TextEncoder().encode(characters);
}
