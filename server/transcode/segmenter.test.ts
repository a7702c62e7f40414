import { array, assert, boolean, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Segmenter, type SegmenterEvent, type TimedFragment } from './segmenter.ts';

class Piece implements TimedFragment {
  readonly startMs: number;
  readonly endMs: number;
  readonly independent: boolean;

  constructor(startMs: number, endMs: number, independent: boolean) {
    this.startMs = startMs;
    this.endMs = endMs;
    this.independent = independent;
  }
}

interface Arrival {
  readonly trackId: string;
  readonly piece: Piece;
}

const frameMs = 64 / 3; // 1024 samples at 48 kHz

function video(trackId: string, untilMs: number, gopMs: number, fromMs = 0): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let startMs = fromMs; startMs < untilMs; startMs += 20) {
    arrivals.push({ trackId, piece: new Piece(startMs, startMs + 20, (startMs - fromMs) % gopMs === 0) });
  }
  return arrivals;
}

function audio(untilMs: number, fromMs = 0): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let count = 0; fromMs + count * frameMs < untilMs; count++) {
    const startMs = fromMs + count * frameMs;
    arrivals.push({ trackId: 'a0', piece: new Piece(startMs, startMs + frameMs, true) });
  }
  return arrivals;
}

/** In the order in which ffmpeg would deliver them. */
function interleave(...tracks: Arrival[][]): Arrival[] {
  return tracks.flat().toSorted((a, b) => a.piece.endMs - b.piece.endMs);
}

function makeSegmenter(...trackIds: string[]): Segmenter<Piece> {
  const kind = (id: string) => (id.startsWith('v') ? 'video' : 'audio');
  return new Segmenter<Piece>(
    2000,
    trackIds.map((id) => ({ id, kind: kind(id) })),
  );
}

interface Outcome {
  startMs: number;
  newPeriod: boolean;
  complete: boolean;
  tracks: Record<string, Piece[]>;
}

/** Checks what must be true of any events, and gathers them into segments. */
function gather(events: readonly SegmenterEvent<Piece>[]): Outcome[] {
  const segments: Outcome[] = [];
  for (const event of events) {
    if (event.type === 'open') {
      expect(event.segment).toBe(segments.length);
      expect(event.startMs).toBeGreaterThanOrEqual(segments.at(-1)?.startMs ?? -Infinity);
      segments.push({ startMs: event.startMs, newPeriod: event.newPeriod, complete: false, tracks: {} });
      continue;
    }
    const segment = segments[event.segment]!;
    expect(segment.complete).toBe(false);
    if (event.type === 'append') (segment.tracks[event.trackId] ??= []).push(event.fragment);
    else {
      expect(segments.slice(0, event.segment).every(({ complete }) => complete)).toBe(true);
      segment.complete = true;
    }
  }
  return segments;
}

function run(segmenter: Segmenter<Piece>, arrivals: readonly Arrival[]): Outcome[] {
  return gather(arrivals.flatMap(({ trackId, piece }) => segmenter.push(trackId, piece)));
}

function starts(segments: readonly Outcome[]): number[] {
  return segments.map(({ startMs }) => Math.round(startMs));
}

function span(pieces: readonly Piece[] | undefined): [number, number] {
  return [Math.round(pieces?.[0]?.startMs ?? NaN), Math.round(pieces?.at(-1)?.endMs ?? NaN)];
}

describe('Segmenter', () => {
  it.each([
    [500, [0, 1500, 3000, 4500, 6000, 7500, 9000]],
    [1000, [0, 2000, 4000, 6000, 8000]],
    [1200, [0, 2400, 4800, 7200, 9600]],
    [2000, [0, 2000, 4000, 6000, 8000]],
    [1960, [0, 1960, 3920, 5880, 7840, 9800]],
    [10_000, [0]],
  ])('ends segments at key frames that come every %i ms', (gopMs, expected) => {
    expect(starts(run(makeSegmenter('v0'), video('v0', 10_000, gopMs)))).toEqual(expected);
  });

  it('ends a segment without key frames after 30 s all the same', () => {
    expect(starts(run(makeSegmenter('v0'), video('v0', 65_000, 1e9)))).toEqual([0, 30_000, 60_000]);
  });

  it('cuts audio alone into segments as long as they should be', () => {
    const segments = run(makeSegmenter('a0'), audio(10_000));
    expect(starts(segments)).toEqual([0, 2005, 4011, 6016, 8021]);
  });

  it('gives every rendition the fragments between the boundaries, whenever they come', () => {
    const segmenter = makeSegmenter('v0', 'v1');
    const latenessMs = ({ trackId }: Arrival) => (trackId === 'v1' ? 90 : 0);
    const arrivals = [...video('v0', 8000, 2000), ...video('v1', 8000, 2000)];
    const segments = run(
      segmenter,
      arrivals.toSorted((a, b) => a.piece.endMs + latenessMs(a) - b.piece.endMs - latenessMs(b)),
    );
    expect(segments.map(({ tracks }) => span(tracks['v1']))).toEqual([
      [0, 2000],
      [2000, 4000],
      [4000, 6000],
      [6000, 8000],
    ]);
    expect(segmenter.dropped).toBe(0);
  });

  it('cuts audio within a frame of the boundary, without losing or repeating any', () => {
    const segmenter = makeSegmenter('v0', 'a0');
    const segments = run(segmenter, interleave(video('v0', 8000, 2000), audio(8000)));
    for (const { startMs, tracks } of segments.slice(1)) {
      const offsetMs = tracks['a0']![0]!.startMs - startMs;
      expect(offsetMs).toBeGreaterThanOrEqual(-5);
      expect(offsetMs).toBeLessThan(frameMs - 5);
    }
    const pieces = segments.flatMap(({ tracks }) => tracks['a0'] ?? []);
    pieces.slice(1).forEach((piece, index) => expect(piece.startMs).toBeCloseTo(pieces[index]!.endMs, 6));
    expect(segmenter.dropped).toBe(0);
  });

  it('lets the first segment begin with the picture, and its sound within a frame of it', () => {
    const [first] = run(makeSegmenter('v0', 'a0'), interleave(video('v0', 4000, 2000, 67), audio(4000)));
    expect(first!.startMs).toBe(67);
    expect(first!.tracks['a0']![0]!.startMs).toBeCloseTo(64, 3);
  });

  it('completes a segment once all tracks have passed its end', () => {
    const segmenter = makeSegmenter('v0', 'a0');
    for (const { piece } of video('v0', 2800, 2000))
      expect(segmenter.push('v0', piece).map(({ type }) => type)).not.toContain('complete');
    const completedBy = audio(2800).find(({ piece }) =>
      segmenter.push('a0', piece).some(({ type }) => type === 'complete'),
    );
    expect(completedBy!.piece.endMs).toBeGreaterThanOrEqual(1995);
    expect(completedBy!.piece.startMs).toBeLessThan(2000);
  });

  it('holds audio that runs ahead until the picture has decided', () => {
    const segmenter = makeSegmenter('v0', 'a0');
    const ahead = audio(4000).flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
    expect(ahead).toEqual([]);
    const events = video('v0', 4400, 2000).flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
    expect(gather([...ahead, ...events]).map(({ tracks }) => span(tracks['a0']))).toEqual([
      [0, 2005],
      [2005, 4011],
      [NaN, NaN],
    ]);
  });

  it('goes on without a track that is silent', () => {
    const segments = run(
      makeSegmenter('v0', 'v1', 'a0'),
      interleave(video('v0', 10_000, 2000), video('v1', 10_000, 2000), audio(2500)),
    );
    expect(segments.map(({ complete }) => complete)).toEqual([true, true, true, true, false]);
    expect(Object.keys(segments[2]!.tracks)).toEqual(['v0', 'v1']);
  });

  it('lets sound go on by the clock when the picture stops, and the picture return at a key frame', () => {
    const segmenter = makeSegmenter('v0', 'a0');
    const returned = video('v0', 24_000, 2000, 20_000);
    const delta = { trackId: 'v0', piece: new Piece(19_600, 20_000, false) };
    const segments = run(segmenter, interleave(video('v0', 4000, 2000), audio(24_000), [delta, ...returned]));
    expect(starts(segments)).toEqual([
      0, 2000, 4011, 6016, 8021, 10_027, 12_032, 14_037, 16_043, 18_048, 20_000, 22_000,
    ]);
    expect(segments.slice(2, 10).every(({ tracks }) => !tracks['v0'] && tracks['a0'])).toBe(true);
    expect(segments[10]!.tracks['v0']![0]!.startMs).toBe(20_000);
    expect(segmenter.dropped).toBe(1);
    const sound = segments.flatMap(({ tracks }) => tracks['a0'] ?? []);
    sound.slice(1).forEach((piece, index) => expect(piece.startMs).toBeCloseTo(sound[index]!.endMs, 6));
  });

  it('gives sound out at its own pace three seconds after the picture has stopped, and again without once it is back', () => {
    const segmenter = makeSegmenter('v0', 'v1', 'a0');
    const pictures = ['v0', 'v1'].flatMap((id) => [video(id, 7000, 2000), video(id, 26_000, 2000, 22_000)]);
    const events: SegmenterEvent<Piece>[] = [];
    /** How far what has been given out is behind what has come, by the second. */
    const mostBehindMs = Array.from({ length: 26 }, () => 0);
    let givenMs = 0;
    for (const { trackId, piece } of interleave(...pictures, audio(26_000))) {
      const made = segmenter.push(trackId, piece);
      for (const event of made)
        if (event.type === 'append' && event.trackId === 'a0') givenMs = Math.max(givenMs, event.fragment.endMs);
      const second = Math.floor(piece.startMs / 1000);
      mostBehindMs[second] = Math.max(mostBehindMs[second]!, piece.endMs - givenMs);
      events.push(...made);
    }
    expect(Math.max(...mostBehindMs.slice(0, 7))).toBeLessThan(50);
    expect(Math.max(...mostBehindMs.slice(7, 10))).toBeLessThan(3050);
    expect(Math.max(...mostBehindMs.slice(11, 22))).toBeLessThan(300);
    expect(Math.max(...mostBehindMs.slice(22))).toBeLessThan(250);
    const segments = gather(events);
    const back = segments.findIndex(({ startMs }) => startMs === 22_000);
    for (const id of ['v0', 'v1']) expect(segments[back]!.tracks[id]![0]!.startMs).toBe(22_000);
    expect(segments.slice(back - 6, back).map(({ startMs }) => Math.round(startMs))).toEqual([
      10_005, 12_011, 14_016, 16_021, 18_027, 20_032,
    ]);
    expect(segments[back]!.tracks['a0']![0]!.startMs).toBeGreaterThanOrEqual(21_995);
    expect(segmenter.dropped).toBe(0);
  });

  it('lets a picture return that is as late as it was before it stopped', () => {
    const late = ({ trackId, piece }: Arrival) => piece.endMs + (trackId === 'v0' ? 1500 : 0);
    const pictures = [...video('v0', 7000, 2000), ...video('v0', 26_000, 2000, 22_000)];
    const arrivals = [...pictures, ...audio(26_000)].toSorted((a, b) => late(a) - late(b));
    const segmenter = makeSegmenter('v0', 'a0');
    const segments = run(segmenter, arrivals);
    expect(segments.find(({ startMs }) => startMs === 22_000)?.tracks['v0']?.[0]?.startMs).toBe(22_000);
    expect(segmenter.dropped).toBe(0);
  });

  it('waits for a picture that still comes, however slowly', () => {
    const late = ({ trackId, piece }: Arrival) => piece.endMs + (trackId === 'v0' ? 4500 : 0);
    const arrivals = [...video('v0', 12_000, 2000), ...audio(16_000)].toSorted((a, b) => late(a) - late(b));
    const segmenter = makeSegmenter('v0', 'a0');
    expect(starts(run(segmenter, arrivals))).toEqual([0, 2000, 4000, 6000, 8000, 10_000]);
    expect(segmenter.dropped).toBe(0);
  });

  it('makes no empty segments of a pause of all tracks', () => {
    const resumed = interleave(video('v0', 104_000, 2000, 100_000), audio(104_000, 100_000));
    const soundFirst = resumed.toSorted((a, b) => (a.trackId < b.trackId ? -1 : a.trackId > b.trackId ? 1 : 0));
    const segments = run(makeSegmenter('v0', 'a0'), [
      ...interleave(video('v0', 4000, 2000), audio(4000)),
      ...soundFirst,
    ]);
    expect(segments.every(({ tracks }) => Object.keys(tracks).length > 0)).toBe(true);
    expect(segments.length).toBeLessThan(7);
  });

  it('drops what comes after its segment has been completed, up to the next key frame', () => {
    const segmenter = makeSegmenter('v0', 'v1');
    const events = video('v0', 10_000, 2000).flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
    const late = video('v1', 10_000, 2000).flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
    const segments = gather([...events, ...late, ...segmenter.flush()]);
    const whole = segments.map(({ tracks }) => span(tracks['v1'])).filter(([startMs]) => !Number.isNaN(startMs));
    expect(whole).toEqual([[8000, 10_000]]);
    expect(segmenter.dropped).toBeGreaterThan(0);
  });

  it('begins a new period where it is told to, on all tracks', () => {
    const segmenter = makeSegmenter('v0', 'v1', 'a0');
    const arrivals = interleave(video('v0', 3000, 1000), video('v1', 3000, 1000), audio(3000));
    const events = arrivals.flatMap(({ trackId, piece }) =>
      segmenter.push(trackId, piece, trackId === 'v0' && piece.startMs === 1000),
    );
    const segments = gather([...events, ...segmenter.flush()]);
    expect(segments.map(({ startMs, newPeriod }) => [startMs, newPeriod])).toEqual([
      [0, true],
      [1000, true],
    ]);
    expect(segments.map(({ tracks }) => span(tracks['v1']))).toEqual([
      [0, 1000],
      [1000, 3000],
    ]);
    expect(span(segments[0]!.tracks['a0'])).toEqual([0, 1003]);
  });

  it('takes in a track that comes later, in a period of its own', () => {
    const segmenter = makeSegmenter('a0');
    const events = audio(5000).flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
    segmenter.addTrack({ id: 'v0', kind: 'video' });
    const later = interleave(audio(10_000, 5000), video('v0', 10_000, 2000, 4600));
    for (const { trackId, piece } of later) events.push(...segmenter.push(trackId, piece));
    const segments = gather([...events, ...segmenter.flush()]);
    const period = segments.findIndex(({ newPeriod, startMs }) => newPeriod && startMs > 0);
    expect(segments[period]!.startMs).toBe(6600);
    expect(segments.slice(0, period).every(({ tracks }) => !tracks['v0'])).toBe(true);
    expect(segments[period]!.tracks['v0']![0]!.independent).toBe(true);
    expect(segments[period]!.tracks['a0']![0]!.startMs).toBeGreaterThanOrEqual(6595);
  });

  it('places and completes everything at the end', () => {
    const segmenter = makeSegmenter('v0', 'a0');
    const arrivals = [...video('v0', 3000, 2000), ...audio(3000)];
    const events = arrivals.flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
    const segments = gather([...events, ...segmenter.flush()]);
    expect(segments.map(({ complete }) => complete)).toEqual([true, true]);
    expect(span(segments[1]!.tracks['a0'])).toEqual([2005, 3008]);
    expect(segmenter.flush()).toEqual([]);
  });

  it('cuts what is held at the end by the clock, too, but not for a rest', () => {
    const lengthsOf = (soundUntilMs: number) => {
      const segmenter = makeSegmenter('v0', 'a0');
      const arrivals = interleave(video('v0', 7000, 2000), audio(soundUntilMs));
      const events = arrivals.flatMap(({ trackId, piece }) => segmenter.push(trackId, piece));
      const segments = gather([...events, ...segmenter.flush()]);
      expect(segments.every(({ complete }) => complete)).toBe(true);
      expect(segmenter.dropped).toBe(0);
      return segments.map(({ tracks }) => {
        const [fromMs, toMs] = span(tracks['a0']);
        return Math.round((toMs - fromMs) / 100) / 10;
      });
    };
    expect(lengthsOf(9800)).toEqual([2, 2, 2, 2, 1.8]);
    expect(lengthsOf(11_000)).toEqual([2, 2, 2, 2, 2, 1]);
    expect(lengthsOf(8300)).toEqual([2, 2, 2, 2.3]);
    expect(lengthsOf(7050)).toEqual([2, 2, 2, 1]);
  });

  it('keeps its promises whatever the order, the gaps and the key frames', () => {
    const anyPiece = record({
      video: boolean(),
      gapMs: integer({ min: 0, max: 50 }).map((value) => (value > 45 ? value * 200 : 0)),
      lengthMs: integer({ min: 1, max: 900 }),
      independent: boolean(),
    });
    assert(
      property(array(anyPiece, { maxLength: 120 }), (pieces) => {
        const segmenter = makeSegmenter('v0', 'a0');
        const at = { v0: 0, a0: 0 };
        const events: SegmenterEvent<Piece>[] = [];
        for (const { video: isVideo, gapMs, lengthMs, independent } of pieces) {
          const id = isVideo ? 'v0' : 'a0';
          const startMs = at[id] + gapMs;
          at[id] = startMs + lengthMs;
          events.push(...segmenter.push(id, new Piece(startMs, at[id], !isVideo || independent)));
        }
        const segments = gather([...events, ...segmenter.flush()]);
        expect(segments.every(({ complete, tracks }) => complete && Object.keys(tracks).length >= 0)).toBe(true);
        for (const id of ['v0', 'a0']) {
          const placed = segments.flatMap(({ tracks }) => tracks[id] ?? []);
          placed
            .slice(1)
            .forEach((piece, index) => expect(piece.startMs).toBeGreaterThanOrEqual(placed[index]!.endMs - 1e-6));
        }
      }),
    );
  });
});
