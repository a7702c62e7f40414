import { describe, expect, it } from 'vitest';
import type { InitSegment } from '../media/mp4/initSegment.ts';
import { writeFragment } from '../media/mp4/writeFragment.ts';
import { GapFiller } from './gapFiller.ts';
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

function fill(...events: Event[]): string[] {
  const fillers = new Map([
    ['v0', new TrackFiller(picture)],
    ['a0', new TrackFiller(sound)],
  ]);
  return new GapFiller(() => fillers).fillHoles(events).map((event) => {
    if (event.type === 'open') return `open ${event.segment}`;
    if (event.type !== 'append') return `${event.type} ${event.type === 'complete' ? event.segment : ''}`;
    const { segment, trackId, fragment } = event;
    return `${trackId} in ${segment}: ${Math.round(fragment.startMs)}-${Math.round(fragment.endMs)}`;
  });
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
    expect(fill(...events)).toHaveLength(events.length);
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
    const fillers = new Map([
      ['v0', new TrackFiller(picture)],
      ['a0', new TrackFiller(sound)],
    ]);
    const events = new GapFiller(() => fillers).fillHoles([
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
    expect(filled.map(({ segment, fragment }) => [segment, fragment.startMs, Math.round(fragment.endMs)])).toEqual([
      [0, 2200, 3000],
      [1, 3000, 5010],
    ]);
    const [sample] = filled[0]!.fragment.media.samples;
    expect(sample).toMatchObject({ sync: true, compositionTicks, decodeTicks: 2200 * 90 - compositionTicks });
    const { data } = filled[0]!.fragment;
    expect(data.subarray(sample!.offset, sample!.offset + sample!.bytes)).toEqual(keyFrame);
  });

  it('puts no key frame before pictures that build on earlier ones', () => {
    const events = [open(0, 1000, true), append(0, 'v0', seen(1000, 1400)), append(0, 'v0', seen(2000, 2400, false))];
    expect(fill(...events)).toHaveLength(3);
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
    const fillers = new Map([
      ['a0', new TrackFiller({ ...sound, timescale: 8000, sampleRate: 8000 })],
      ['v0', new TrackFiller(picture)],
    ]);
    const events = new GapFiller(() => fillers).fillHoles([
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
