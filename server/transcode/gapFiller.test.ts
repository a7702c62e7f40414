import { describe, expect, it } from 'vitest';
import type { InitSegment } from '../media/mp4/initSegment.ts';
import { writeFragment } from '../media/mp4/writeFragment.ts';
import { GapFiller } from './gapFiller.ts';
import { PartCutter } from './partCutter.ts';
import { PastTracks } from './pastTracks.ts';
import type { SegmenterEvent } from './segmenter.ts';
import { TrackFiller } from './trackFiller.ts';
import { TrackFragment } from './trackFragment.ts';

type Event = SegmenterEvent<TrackFragment>;

const base = { trackId: 1, defaults: { durationTicks: 0, bytes: 0, flags: 0 } };
const sound: InitSegment = {
  ...base,
  kind: 'audio',
  codec: 'mp4a.40.2',
  timescale: 48_000,
  sampleRate: 48_000,
  channels: 2,
  audioSpecificConfig: Uint8Array.of(0x11, 0x90),
};
const picture: InitSegment = {
  ...base,
  kind: 'video',
  codec: 'avc1.42c01e',
  timescale: 90_000,
  width: 640,
  height: 360,
  avcC: new Uint8Array(7),
};
const compositionTicks = 7200;
const keyFrame = Uint8Array.of(0, 0, 0, 1, 0x65);

/** Whole frames of AAC from a time on. */
function heard(fromMs: number, frames: number): TrackFragment {
  const sample = { data: Uint8Array.of(1), durationTicks: 1024, compositionTicks: 0, sync: true };
  return new TrackFragment(
    writeFragment(
      1,
      fromMs * 48,
      Array.from({ length: frames }, () => sample),
    ),
    sound,
  );
}

/** Pictures 40 ms apart, shown two frames after they are decoded. */
function seen(fromMs: number, toMs: number, sync = true): TrackFragment {
  const samples = Array.from({ length: (toMs - fromMs) / 40 }, (_, index) => ({
    data: sync && index === 0 ? keyFrame : Uint8Array.of(0, 0, 0, 1, 0x41),
    durationTicks: 3600,
    compositionTicks,
    sync: sync && index === 0,
  }));
  return new TrackFragment(writeFragment(1, fromMs * 90 - compositionTicks, samples), picture, compositionTicks);
}

const open = (segment: number, startMs: number, newPeriod = false): Event => ({
  type: 'open',
  segment,
  startMs,
  newPeriod,
});
const append = (segment: number, trackId: string, fragment: TrackFragment): Event => ({
  type: 'append',
  segment,
  trackId,
  fragment,
});
const complete = (segment: number): Event => ({ type: 'complete', segment });

const bothFillers = () =>
  new Map([
    ['v0', new TrackFiller(picture)],
    ['a0', new TrackFiller(sound)],
  ]);

/** Media as they follow each other without a hole are one line. */
function linesOf(events: readonly Event[]): string[] {
  const lines: { what: string; fromMs?: number; toMs?: number }[] = [];
  for (const event of events) {
    if (event.type === 'append') {
      const what = `${event.trackId} in ${event.segment}: `;
      const { startMs, endMs } = event.fragment;
      const last = lines.at(-1);
      if (last?.what === what && Math.abs((last.toMs ?? 0) - startMs) < 0.1) last.toMs = endMs;
      else lines.push({ what, fromMs: startMs, toMs: endMs });
    } else lines.push({ what: `${event.type} ${event.segment}` });
  }
  return lines.map(({ what, fromMs, toMs }) =>
    fromMs === undefined ? what : `${what}${Math.round(fromMs)}-${Math.round(toMs ?? 0)}`,
  );
}

function fill(...events: Event[]): string[] {
  return linesOf(new GapFiller(bothFillers).fillHoles(events));
}

describe('GapFiller', () => {
  it('adds nothing to tracks that go on, though none ends where its segment does', () => {
    const events = [
      open(0, 1000, true),
      append(0, 'v0', seen(1000, 3000)),
      append(0, 'a0', heard(1000, 93)), // ends 16 ms early
      open(1, 3000),
      append(1, 'v0', seen(3000, 5000)),
      append(1, 'a0', heard(2984, 94)),
      complete(0),
      complete(1),
    ];
    expect(new GapFiller(bothFillers).fillHoles(events)).toEqual(events);
  });

  it('lets silence follow sound that has stopped, to the end of each segment', () => {
    expect(
      fill(
        open(0, 1000, true),
        append(0, 'v0', seen(1000, 3000)),
        append(0, 'a0', heard(1000, 25)),
        open(1, 3000),
        append(1, 'v0', seen(3000, 5000)),
        complete(0),
        open(2, 5000),
        complete(1),
      ),
    ).toEqual([
      'open 0',
      'v0 in 0: 1000-3000',
      'a0 in 0: 1000-1533',
      'open 1',
      'v0 in 1: 3000-5000',
      'a0 in 0: 1533-2984',
      'complete 0',
      'open 2',
      'a0 in 1: 2984-4989',
      'complete 1',
    ]);
  });

  it('puts silence before sound that is late, into every segment it missed', () => {
    expect(
      fill(
        open(0, 1000, true),
        append(0, 'v0', seen(1000, 3000)),
        open(1, 3000),
        append(1, 'v0', seen(3000, 5000)),
        append(1, 'a0', heard(4000, 47)),
      ),
    ).toEqual([
      'open 0',
      'v0 in 0: 1000-3000',
      'open 1',
      'v0 in 1: 3000-5000',
      'a0 in 0: 1000-2984',
      'a0 in 1: 2984-3987',
      'a0 in 1: 4000-5003',
    ]);
  });

  it('shows the last key frame where the picture has stopped, in decoding order after what came before', () => {
    const events = new GapFiller(bothFillers).fillHoles([
      open(0, 1000, true),
      append(0, 'v0', seen(1000, 2000)),
      append(0, 'v0', seen(2000, 2200, false)),
      append(0, 'a0', heard(1000, 94)),
      open(1, 3000),
      append(1, 'a0', heard(3005, 94)),
      complete(0),
      complete(1),
    ]);
    const filled = events
      .flatMap((event) => (event.type === 'append' && event.trackId === 'v0' ? [event] : []))
      .slice(2);
    expect(linesOf(filled)).toEqual(['v0 in 0: 2200-3000', 'v0 in 1: 3000-5010']);
    const [sample] = filled[0]!.fragment.media.samples;
    expect(sample).toMatchObject({ sync: true, compositionTicks, decodeTicks: 2200 * 90 - compositionTicks });
    const { data } = filled[0]!.fragment;
    expect(data.subarray(sample!.offset, sample!.offset + sample!.bytes)).toEqual(keyFrame);
  });

  it('puts no key frame before pictures that build on earlier ones', () => {
    const events = [open(0, 1000, true), append(0, 'v0', seen(1000, 1400)), append(0, 'v0', seen(2000, 2400, false))];
    expect(fill(...events)).toHaveLength(3);
  });

  it('fills in pieces that are no longer than a part, however long the hole', () => {
    const events = new GapFiller(bothFillers).fillHoles([
      open(0, 1000, true),
      append(0, 'v0', seen(1000, 1400)),
      append(0, 'a0', heard(1000, 19)),
      open(1, 21_400),
      append(1, 'v0', seen(21_400, 21_800)),
      append(1, 'a0', heard(21_400, 19)),
      complete(0),
    ]);
    expect(linesOf(events)).toEqual([
      'open 0',
      'v0 in 0: 1000-1400',
      'a0 in 0: 1000-1405',
      'open 1',
      'v0 in 0: 1400-21400',
      'v0 in 1: 21400-21800',
      'a0 in 0: 1405-21395',
      'a0 in 1: 21400-21805',
      'complete 0',
    ]);
    const secondsOf = (trackId: string) =>
      events.flatMap((event) =>
        event.type === 'append' && event.trackId === trackId
          ? [event.fragment.durationTicks / event.fragment.init.timescale]
          : [],
      );
    expect(secondsOf('v0').slice(1, -1)).toEqual(Array.from({ length: 60 }, () => 1 / 3));
    expect(new Set(secondsOf('a0').slice(1, -1))).toEqual(new Set([1024 / 48_000]));
  });

  it('makes no more than it has to of a clock that jumps', () => {
    const afterJump = (toMs: number) =>
      new GapFiller(bothFillers).fillHoles([
        open(0, 1000, true),
        append(0, 'v0', seen(1000, 1400)),
        append(0, 'a0', heard(1000, 19)),
        open(1, toMs),
        append(1, 'v0', seen(toMs, toMs + 400)),
        append(1, 'a0', heard(toMs, 19)),
      ]);
    const minutes = afterJump(500_000);
    expect(minutes.length).toBeLessThan(3500);
    expect(linesOf(minutes)).toContain('v0 in 0: 1400-500000');
    expect(afterJump(24 * 3600 * 1000)).toHaveLength(6);
  });

  it('makes what the source does not have at the pace of what it has', () => {
    const past = new TrackFiller(sound);
    const gaps = new GapFiller(
      () => new Map([['v0', new TrackFiller(picture)]]),
      () => new Map([['a0', past]]),
    );
    expect(linesOf(gaps.fillHoles([open(0, 1000, true), append(0, 'v0', seen(1000, 1400))]))).toEqual([
      'open 0',
      'v0 in 0: 1000-1400',
      'a0 in 0: 1000-1384',
    ]);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(1400, 1440, false))]))).toEqual([
      'v0 in 0: 1400-1440',
      'a0 in 0: 1384-1427',
    ]);
    const next = gaps.fillHoles([open(1, 1440), append(1, 'v0', seen(1440, 1480)), complete(0)]);
    expect(linesOf(next).slice(-2)).toEqual(['complete 0', 'a0 in 1: 1427-1469']);
  });

  it('shows the last key frame a part at a time where the source has no picture', () => {
    const past = new TrackFiller(picture);
    past.learn(seen(1000, 1040));
    const gaps = new GapFiller(
      () => new Map([['a0', new TrackFiller(sound)]]),
      () => new Map([['v0', past]]),
    );
    const lines = [30, 30, 30].flatMap((frames, index) => {
      const events: Event[] = index === 0 ? [open(0, 1000, true)] : [];
      return linesOf(gaps.fillHoles([...events, append(0, 'a0', heard(1000 + index * 640, frames))]));
    });
    expect(lines.filter((line) => line.startsWith('v0'))).toEqual([
      'v0 in 0: 1000-1333',
      'v0 in 0: 1333-2000',
      'v0 in 0: 2000-2667',
    ]);
    expect(linesOf(gaps.fillHoles([complete(0)]))[0]).toBe('v0 in 0: 2667-2920');
  });

  it('goes on at the pace of the others once a track has been silent for three seconds', () => {
    const gaps = new GapFiller(bothFillers);
    gaps.fillHoles([open(0, 1000, true), append(0, 'v0', seen(1000, 1400)), append(0, 'a0', heard(1000, 19))]);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(1400, 4400, false))]))).toEqual(['v0 in 0: 1400-4400']);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(4400, 4440, false))]))).toEqual([
      'v0 in 0: 4400-4440',
      'a0 in 0: 1405-4435',
    ]);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(4440, 4480, false))]))[1]).toBe('a0 in 0: 4435-4477');
    // What comes of the time that was filled is too late, but shows that more is to come, as far behind as it is.
    expect(gaps.fillHoles([append(0, 'a0', heard(3900, 1))])).toEqual([]);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(4480, 5080, false))]))).toEqual(['v0 in 0: 4480-5080']);
    const behind = [4460, 4481, 4502].map((at) => append(0, 'a0', heard(at, 1)));
    expect(linesOf(gaps.fillHoles(behind))).toEqual(['a0 in 0: 4481-4502', 'a0 in 0: 4502-4523']);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(5080, 6000, false))]))).toHaveLength(1);
  });

  it('goes on at that pace though segments were completed, and filled, before the three seconds were over', () => {
    const gaps = new GapFiller(bothFillers);
    gaps.fillHoles([open(0, 1000, true), append(0, 'v0', seen(1000, 3000)), append(0, 'a0', heard(1000, 47))]);
    gaps.fillHoles([open(1, 3000), append(1, 'v0', seen(3000, 5000)), complete(0), open(2, 5000)]);
    expect(linesOf(gaps.fillHoles([append(2, 'v0', seen(5000, 5040))])).slice(1)).toEqual([
      'a0 in 1: 2984-4989',
      'a0 in 2: 4989-5032',
    ]);
    expect(linesOf(gaps.fillHoles([append(2, 'v0', seen(5040, 5080, false))]))[1]).toBe('a0 in 2: 5032-5075');
    expect(linesOf(gaps.fillHoles([complete(1), append(2, 'v0', seen(5080, 5120, false))]))[2]).toBe(
      'a0 in 2: 5075-5117',
    );
  });

  it('ends the part that a picture broke off with what it makes, so that none but the last of a segment is short', () => {
    const gaps = new GapFiller(bothFillers);
    const parts = new PartCutter(0);
    const seconds: number[] = [];
    const take = (...events: Event[]) => {
      for (const event of parts.cut(gaps.fillHoles(events)))
        if (event.type === 'append' && event.trackId === 'v0') seconds.push(event.fragment.durationTicks / 90_000);
    };
    take(open(0, 1000, true), append(0, 'a0', heard(1000, 2)));
    for (let at = 1000; at < 1960; at += 40) take(append(0, 'v0', seen(at, at + 40, at === 1000)));
    take(append(0, 'a0', heard(1042.666, 170)), append(0, 'a0', heard(4669.333, 30)));
    expect(seconds.slice(0, 2)).toEqual([0.36, 0.36]);
    expect(seconds.length).toBeGreaterThan(10);
    for (const length of seconds) expect(length).toBeGreaterThanOrEqual(0.85 * 0.39);
  });

  it('waits for what is made of a picture that has returned', () => {
    const three = new Map(['v0', 'v1'].map((id) => [id, new TrackFiller(picture)]));
    const gaps = new GapFiller(() => new Map([...three, ['a0', new TrackFiller(sound)]]));
    gaps.fillHoles([open(0, 1000, true), append(0, 'v0', seen(1000, 1400)), append(0, 'v1', seen(1000, 1400))]);
    const stopped = linesOf(gaps.fillHoles([append(0, 'a0', heard(1000, 188))]));
    expect(stopped).toEqual(['a0 in 0: 1000-5011', 'v0 in 0: 1400-4733', 'v1 in 0: 1400-4733']);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(5000, 6000))]))).toEqual(['v0 in 0: 4733-6000']);
    expect(linesOf(gaps.fillHoles([append(0, 'v1', seen(5000, 5040))]))).toEqual(['v1 in 0: 4733-5040']);
  });

  it('shows a rendition again that was far behind for a while, from its next key frame on', () => {
    const gaps = new GapFiller(() => new Map(['v0', 'v1'].map((id) => [id, new TrackFiller(picture)])));
    const shown = (fromMs: number, toMs: number, sync = false) =>
      linesOf(
        gaps.fillHoles([
          append(0, 'v0', seen(fromMs, toMs, false)),
          append(0, 'v1', seen(fromMs - 800, toMs - 800, sync)),
        ]),
      ).filter((line) => line.startsWith('v1'));
    gaps.fillHoles([open(0, 1000, true), append(0, 'v0', seen(1000, 1400)), append(0, 'v1', seen(1000, 1400))]);
    expect(linesOf(gaps.fillHoles([append(0, 'v0', seen(1400, 4600, false))]))).toContain('v1 in 0: 1400-4400');
    expect(shown(4600, 5000)).toEqual([]);
    expect(shown(5000, 5400, true)).toEqual([]);
    expect(shown(5400, 5800, true)).toEqual(['v1 in 0: 4400-5000']);
    expect(shown(5800, 6200)).toEqual(['v1 in 0: 5000-5400']);
  });

  it('shows no picture that builds on one from before the filled hole', () => {
    const gaps = new GapFiller(bothFillers);
    gaps.fillHoles([open(0, 1000, true), append(0, 'v0', seen(1000, 1400)), append(0, 'a0', heard(1000, 165))]);
    const late = gaps.fillHoles([append(0, 'v0', seen(4600, 4640, false)), append(0, 'v0', seen(5000, 5040))]);
    expect(linesOf(late)).toEqual(['v0 in 0: 4400-5040']);
  });

  it('takes a frame of sound that is said to last for seconds for the hole that it is', () => {
    const sample = { data: Uint8Array.of(1), durationTicks: 5 * 48_000, compositionTicks: 0, sync: true };
    const long = new TrackFragment(writeFragment(1, 1000 * 48 + 19 * 1024, [sample]), sound);
    const events = new GapFiller(bothFillers).fillHoles([
      open(0, 1000, true),
      append(0, 'v0', seen(1000, 1400)),
      append(0, 'a0', heard(1000, 19)),
      append(0, 'a0', long),
      append(0, 'a0', heard(6405, 19)),
    ]);
    expect(linesOf(events).slice(2, 4)).toEqual(['a0 in 0: 1000-6397', 'a0 in 0: 6405-6810']);
    for (const event of events)
      if (event.type === 'append' && event.trackId === 'a0')
        expect(Math.max(...event.fragment.media.samples.map(({ durationTicks }) => durationTicks))).toBe(1024);
  });

  it('begins anew with each period', () => {
    expect(
      fill(
        open(0, 1000, true),
        append(0, 'v0', seen(1000, 3000)),
        append(0, 'a0', heard(1000, 94)),
        open(1, 9000, true),
        append(1, 'v0', seen(9000, 11_000)),
        append(1, 'a0', heard(9000, 94)),
      ),
    ).toHaveLength(6);
  });

  it('gives each track something in every period, however short', () => {
    expect(fill(open(0, 1000, true), append(0, 'v0', seen(1000, 1080)), complete(0))).toEqual([
      'open 0',
      'v0 in 0: 1000-1080',
      'a0 in 0: 1000-1064',
      'complete 0',
    ]);
    const slow = new Map([
      ['a0', new TrackFiller({ ...sound, timescale: 8000, sampleRate: 8000 })],
      ['v0', new TrackFiller(picture)],
    ]);
    const events = new GapFiller(() => slow).fillHoles([
      open(0, 1000, true),
      append(0, 'v0', seen(1000, 1040)),
      complete(0),
    ]);
    const added = events.flatMap((event) => (event.type === 'append' && event.trackId === 'a0' ? [event] : []));
    expect(added.map(({ fragment }) => fragment.media.samples.length)).toEqual([1]);
  });
});

describe('PastTracks', () => {
  const track = {
    id: 'v0',
    kind: 'video',
    codec: 'avc1.42c01e',
    timescale: 90_000,
    bitrateBps: 1,
    width: 640,
  } as const;
  const described = { ...track, height: 360, frameRate: 25, init: new Uint8Array(1) };

  it('offers what a source that came back is missing, once it can be made', () => {
    const past = new PastTracks();
    const filler = new TrackFiller(picture);
    past.remember([described], new Map([['v0', filler]]));
    expect(past.missing(new Set(['audio'])).tracks).toEqual([]);
    filler.learn(seen(1000, 1400));
    expect(past.missing(new Set(['audio'])).tracks).toEqual([described]);
    expect(past.missing(new Set(['audio', 'video'])).tracks).toEqual([]);
  });

  it('forgets tracks of a kind that has new ones', () => {
    const past = new PastTracks();
    const filler = new TrackFiller(picture);
    filler.learn(seen(1000, 1400));
    past.remember(
      [described, { ...described, id: 'v1' }],
      new Map([
        ['v0', filler],
        ['v1', filler],
      ]),
    );
    past.remember([described], new Map([['v0', filler]]));
    expect(past.missing(new Set(['audio'])).tracks).toEqual([described]);
  });
});
