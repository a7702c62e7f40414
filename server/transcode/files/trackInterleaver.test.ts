import { beforeEach, describe, expect, it } from 'vitest';
import { Mp4Error } from '../../media/mp4/box.ts';
import { madeFragment, madeInit } from '../../media/mp4/madeMp4.fixture.ts';
import { TrackInterleaver } from './trackInterleaver.ts';

const timescale = 1000;
const fragment = (atMs: number) => madeFragment(atMs, [{ durationTicks: 1000, media: [1, 2, 3] }]);

describe('TrackInterleaver', () => {
  let released: { track: number; isInit: boolean }[];
  let interleaver: TrackInterleaver;
  const create = () =>
    new TrackInterleaver(2, (track, data) => released.push({ track, isInit: Buffer.from(data).includes('moov') }));
  /** The tracks of the fragments that have been released, in their order. */
  const order = () => released.filter(({ isInit }) => !isInit).map(({ track }) => track);

  beforeEach(() => {
    released = [];
    interleaver = create();
    interleaver.push(0, madeInit('video', timescale));
    interleaver.push(1, madeInit('audio', timescale));
  });

  it('releases nothing before all tracks have begun', () => {
    const waiting = create();
    released = [];
    waiting.push(0, madeInit('video', timescale));
    for (let second = 0; second < 20; second++) waiting.push(0, fragment(second * 1000));
    expect(released).toEqual([]);
    waiting.push(1, madeInit('audio', timescale));
    expect(released).toEqual([
      { track: 0, isInit: true },
      { track: 1, isInit: true },
    ]);
  });

  it('puts what comes in bursts into the order of its time', () => {
    for (let second = 0; second < 8; second++) interleaver.push(1, fragment(second * 1000 + 10));
    for (let second = 0; second < 4; second++) interleaver.push(0, fragment(second * 1000));
    expect(order()).toEqual([0, 1, 0, 1, 0, 1, 0]);
  });

  it('does not wait for a track that has ended', () => {
    interleaver.push(0, fragment(0));
    interleaver.push(0, fragment(1000));
    expect(order()).toEqual([]);
    interleaver.end(1);
    expect(order()).toEqual([0, 0]);
  });

  it('waits a minute of media for one that has a hole, and no longer', () => {
    for (let second = 0; second <= 60; second++) interleaver.push(0, fragment(second * 1000));
    expect(order()).toEqual([]);
    interleaver.push(0, fragment(61_000));
    expect(order()).toEqual([0]);
  });

  it('fails at what is no media', () => {
    expect(() => interleaver.push(0, Buffer.alloc(2000, 0xff))).toThrow(Mp4Error);
  });
});
