import { describe, expect, it } from 'vitest';
import type { Fragment } from '../media/timeline.ts';
import { joinFragments, packTracks, unpackTracks } from './packTracks.ts';

const fragments: Fragment[] = [
  { startTicks: 9_000_000_000, durationTicks: 45_000, offset: 0, bytes: 1000, independent: true },
  { startTicks: 9_000_045_000, durationTicks: 45_001, offset: 1000, bytes: 2000, independent: false },
  { startTicks: 9_000_090_100, durationTicks: 45_000, offset: 3000, bytes: 500, independent: true },
];

describe('packTracks', () => {
  it('gives back what was packed, with gaps between fragments', () => {
    const tracks = { v0: joinFragments(fragments), a0: joinFragments(fragments.slice(0, 1)) };
    expect(unpackTracks(packTracks(tracks))).toMatchObject(tracks);
    expect(tracks.v0).toMatchObject({
      startTicks: 9_000_000_000,
      durationTicks: 135_100,
      bytes: 3500,
      independent: true,
      keyFrame: { offset: 0, bytes: 1000 },
    });
  });

  it('knows the first key frame without unpacking, also of what is moved', () => {
    const keyFrameOf = (of: readonly Fragment[]) => unpackTracks(packTracks({ v0: joinFragments(of) }))['v0']!.keyFrame;
    const dependent = fragments.map((fragment) => ({ ...fragment, independent: false }));
    expect(keyFrameOf([dependent[0]!, dependent[1]!, fragments[2]!])).toEqual({ offset: 3000, bytes: 500 });
    expect(keyFrameOf(dependent)).toBeNull();
    expect(joinFragments(dependent).keyFrame).toBeNull();
    const moved = unpackTracks(packTracks({ v0: joinFragments(fragments) }))['v0']!.movedBy(100);
    expect(moved).toMatchObject({ startTicks: 9_000_000_100, keyFrame: { offset: 0, bytes: 1000 } });
  });

  it('packs a gap as no tracks', () => {
    expect(unpackTracks(packTracks({}))).toEqual({});
  });
});
