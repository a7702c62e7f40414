import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCaptions } from '../../media/captions/captionedFlv.fixture.ts';
import { line21, popOn } from '../../media/captions/captions.fixture.ts';
import { digitalPopOn, dtvcc, DtvccEncoder } from '../../media/captions/dtvcc/dtvcc.fixture.ts';
import { readCues } from '../../media/captions/cueFragment.ts';
import { joinCues } from '../../media/captions/joinCues.ts';
import { webVtt } from '../../media/captions/webVtt.ts';
import { readTrackInit } from '../../media/mp4/initSegment.ts';
import {
  FileInput,
  RecordingWriter,
  runFfmpeg,
  sourceAndThree,
  startTranscode,
  trackFile,
} from '../transcode.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'captions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);
const tracks = {
  video: { codec: 'h264', width: 320, height: 180, frameRate: 30 },
  audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
} as const;
const offsetMs = 5000;

beforeAll(() => {
  runFfmpeg(
    ...'-f lavfi -i testsrc2=s=320x180:r=30 -f lavfi -i sine=r=48000 -t 9 -ac 2 -c:a aac -b:a 64k'.split(' '),
    ...'-c:v libx264 -preset ultrafast -bf 2 -g 60 -keyint_min 60 -sc_threshold 0 -pix_fmt yuv420p'.split(' '),
    file('plain.flv'),
  );
});

async function transcodeAll(path: string) {
  const writer = new RecordingWriter();
  const input = new FileInput(path, tracks);
  const { transcode, failures } = startTranscode(input, sourceAndThree, writer, {
    clock: () => writer.epochMs + offsetMs,
  });
  await Promise.all([input.ended, writer.until(() => writer.segments.length >= 4)]);
  await transcode.close();
  expect(failures).toEqual([]);
  return writer;
}

/** What ffmpeg finds inside the pictures. */
function readByFfmpeg(media: Buffer): string[] {
  writeFileSync(file('track.mp4'), media);
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'movie=track.mp4[out0+subcc]',
    '-map',
    '0:s',
    '-f',
    'srt',
    'pipe:1',
  ];
  const srt = execFileSync('ffmpeg', args, { cwd: folder, encoding: 'utf8' }).replaceAll('\r', '');
  return [...srt.replaceAll(/<[^>]*>|\{[^}]*\}|\\h/g, '').matchAll(/-->.*\n([^]*?)\n\n/g)].map(([, text]) =>
    text!.trim(),
  );
}

function cuesOf(writer: RecordingWriter, trackId: string) {
  return writer.periods.flatMap(({ tracks }, period) => {
    const init = tracks.find(({ id }) => id === trackId)?.init;
    if (!init) return [];
    const fragments = writer.segments.filter((segment) => segment.period === period);
    const cues = fragments.flatMap((segment) =>
      (segment.tracks.get(trackId) ?? []).flatMap(({ data }) => readCues(data, readTrackInit(init))),
    );
    return joinCues(cues).map(({ startTicks, endTicks, blocks }) => ({
      startMs: Math.round(startTicks / 90),
      endMs: Math.round(endTicks / 90),
      text: blocks.map(({ text }) => text).join('\n'),
    }));
  });
}

const announced = (writer: RecordingWriter) =>
  writer.periods.map(({ tracks }) => ({
    inside: tracks.flatMap((track) => (track.kind === 'video' ? [track.captions?.map(({ channel }) => channel)] : [])),
    text: tracks.flatMap((track) => (track.kind === 'text' ? [[track.id, track.language, track.label]] : [])),
  }));

describe('captions inside the picture', () => {
  let writer: RecordingWriter;
  beforeAll(async () => {
    const captions = [
      { atMs: 500, pairs: popOn({ row: 15, column: 8, text: 'FIRST CAPTION' }) },
      { atMs: 3000, pairs: popOn({ row: 14, text: 'SECOND, WITH' }, { row: 15, text: 'TWO LINES' }) },
      { atMs: 6000, pairs: line21.eraseDisplayed },
    ];
    writeFileSync(file('captioned.flv'), addCaptions(readFileSync(file('plain.flv')), captions, true));
    writer = await transcodeAll(file('captioned.flv'));
  }, 60_000);

  it('are in every rendition, as ffmpeg reads them', () => {
    const pictures = writer.periods[0]!.tracks.filter(({ kind }) => kind === 'video');
    expect(pictures).toHaveLength(4);
    const expected = ['FIRST CAPTION', 'SECOND, WITH\nTWO LINES'];
    expect(readByFfmpeg(readFileSync(file('captioned.flv')))).toEqual(expected);
    for (const { id } of pictures) {
      expect({ id, read: readByFfmpeg(trackFile(writer, 0, id)) }).toEqual({ id, read: expected });
    }
  });

  it('are announced from the beginning', () => {
    const inside = ['CC1'];
    expect(announced(writer)).toEqual([{ inside: [inside, inside, inside, inside], text: [['t1', 'en', 'English']] }]);
  });

  it('are a text track with the times at which they are shown', () => {
    const [first, second, ...more] = cuesOf(writer, 't1');
    expect([first?.text, second?.text, more]).toEqual(['FIRST CAPTION', 'SECOND, WITH\nTWO LINES', []]);
    // Loaded with a pair in each picture: 6 for codes, 7 of text, and 2 to show it.
    expect(Math.abs(first!.startMs - offsetMs - 500 - (14 * 1000) / 30)).toBeLessThan(40);
    expect(second!.startMs).toBe(first!.endMs);
    expect(Math.abs(second!.endMs - offsetMs - 6000)).toBeLessThan(40);
  });

  it('have text in every segment, without gaps', () => {
    let reachedTicks = writer.segments[0]!.tracks.get('t1')![0]!.startTicks;
    for (const { startMs, tracks } of writer.segments) {
      const [fragment, ...more] = tracks.get('t1')!;
      expect(more).toEqual([]);
      expect(fragment!.startTicks).toBe(reachedTicks);
      expect(Math.abs(reachedTicks / 90 - startMs)).toBeLessThanOrEqual(1);
      reachedTicks += fragment!.durationTicks;
    }
  });
});

describe('captions that begin later', () => {
  it('begin one period', async () => {
    const captions = [
      { atMs: 3000, pairs: popOn({ row: 15, text: 'ONE' }) },
      { atMs: 5500, pairs: popOn({ row: 1, text: 'TROISIEME' }), field: 2 as const },
    ];
    writeFileSync(file('late.flv'), addCaptions(readFileSync(file('plain.flv')), captions));
    const writer = await transcodeAll(file('late.flv'));
    const nothing = { inside: [undefined, undefined, undefined, undefined], text: [] };
    const inside = ['CC1'];
    const announcement = { inside: [inside, inside, inside, inside], text: [['t1', 'en', 'English']] };
    expect(announced(writer)).toEqual([nothing, announcement]);
    expect(cuesOf(writer, 't1').map(({ text }) => text)).toEqual(['ONE']);
  }, 60_000);
});

describe('digital captions without any of line 21', () => {
  it('are announced, and a text track', async () => {
    const encoder = new DtvccEncoder();
    const captions = [
      { atMs: 0, packets: encoder.packets(digitalPopOn(0, [1], 'FIRST CAPTION')) },
      { atMs: 3000, packets: encoder.packets(digitalPopOn(1, [0], 'SECOND, WITH', 'TWO LINES')) },
      { atMs: 6000, packets: encoder.packets([dtvcc.hide(1)]) },
    ];
    writeFileSync(file('digital.flv'), addCaptions(readFileSync(file('plain.flv')), captions));
    const writer = await transcodeAll(file('digital.flv'));
    const inside = ['SERVICE1'];
    expect(announced(writer)).toEqual([{ inside: [inside, inside, inside, inside], text: [['t9', 'en', 'English']] }]);
    const [first, second, ...more] = cuesOf(writer, 't9');
    expect([first?.text, second?.text, more]).toEqual(['FIRST CAPTION', 'SECOND, WITH\nTWO LINES', []]);
    // The one before goes with the fifth picture, and the next one comes with the sixth.
    expect(Math.abs(first!.endMs - offsetMs - 3000 - (4 * 1000) / 30)).toBeLessThan(40);
    expect(Math.abs(second!.startMs - offsetMs - 3000 - (6 * 1000) / 30)).toBeLessThan(40);
    expect(Math.abs(second!.endMs - offsetMs - 6000)).toBeLessThan(40);
    const segment = writer.segments.findLast(({ tracks }) => cuesIn(tracks.get('t9')).length > 0)!;
    expect(webVtt(cuesIn(segment.tracks.get('t9')), 90_000)).toContain('\nSECOND, WITH\nTWO LINES\n');

    function cuesIn(fragments: readonly { readonly data: Uint8Array }[] = []) {
      const { init } = writer.periods[0]!.tracks.find(({ id }) => id === 't9')!;
      return fragments.flatMap(({ data }) => readCues(data, readTrackInit(init)));
    }
  }, 60_000);
});

describe('digital captions beside a line 21 of mere padding', () => {
  it('have the text, from a caption on that follows another', async () => {
    const encoder = new DtvccEncoder();
    const captions = [
      { atMs: 0, packets: encoder.packets(digitalPopOn(0, [1], 'FIRST')) },
      { atMs: 1000, packets: encoder.packets(digitalPopOn(1, [0], 'SECOND')) },
      { atMs: 5000, packets: encoder.packets(digitalPopOn(0, [1], 'THIRD')) },
    ];
    writeFileSync(file('padded.flv'), addCaptions(readFileSync(file('plain.flv')), captions, true));
    const writer = await transcodeAll(file('padded.flv'));
    const inside = ['CC1', 'SERVICE1'];
    expect(announced(writer)).toEqual([
      { inside: [inside, inside, inside, inside], text: [['t1', 'en', 'English']] },
      { inside: [inside, inside, inside, inside], text: [['t9', 'en', 'English']] },
    ]);
    expect(cuesOf(writer, 't1')).toEqual([]);
    expect(cuesOf(writer, 't9').map(({ text }) => text)).toEqual(['SECOND', 'THIRD']);
  }, 60_000);
});

describe('a source without captions', () => {
  it('has no text', async () => {
    const writer = await transcodeAll(file('plain.flv'));
    expect(writer.periods).toHaveLength(1);
    expect(writer.periods[0]!.tracks.map(({ id }) => id)).toEqual(['v0', 'v1', 'v2', 'v3', 'a0']);
  });
});
