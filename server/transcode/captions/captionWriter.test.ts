import { describe, expect, it } from 'vitest';
import { defaultCaptions } from '../../../shared/model/captions.ts';
import { line21, popOn, tripletsOf, type Pair } from '../../media/captions/captions.fixture.ts';
import type { Cue } from '../../media/captions/cue.ts';
import { CaptionWriter } from './captionWriter.ts';

const said = (cues: readonly Cue[] | undefined) =>
  cues?.map(({ startTicks, endTicks, blocks }) => [
    startTicks / 90,
    endTicks / 90,
    blocks.map(({ text }) => text).join(),
  ]);
const cut = (writer: CaptionWriter, fromMs: number, toMs: number, id: string) =>
  said(writer.cut(fromMs * 90, toMs * 90).get(id));
const say = (writer: CaptionWriter, atMs: number, text: string, language?: string) =>
  writer.take({ type: 'text', atMs, text, language });

describe('captions beside the picture', () => {
  it('are shown from their time until the next, over segments', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    say(writer, 500, 'One <1>');
    say(writer, 2500, 'Two\n\nlines');
    say(writer, 3500, '');
    expect(writer.plan.tracks.map(({ id }) => id)).toEqual(['t5']);
    expect(cut(writer, 0, 2000, 't5')).toEqual([[500, 2000, 'One &lt;1&gt;']]);
    expect(cut(writer, 2000, 4000, 't5')).toEqual([
      [2000, 2500, 'One &lt;1&gt;'],
      [2500, 3500, 'Two\nlines'],
    ]);
    expect(cut(writer, 4000, 6000, 't5')).toEqual([]);
  });

  it('go by themselves when nothing follows', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    say(writer, 1000, 'Last words');
    expect(cut(writer, 0, 10_000, 't5')).toEqual([[1000, 10_000, 'Last words']]);
    expect(cut(writer, 10_000, 20_000, 't5')).toEqual([[10_000, 11_000, 'Last words']]);
  });

  it('have a track for each language, and no more than anybody interprets into', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    for (const language of ['de', 'fr', 'de', 'es', 'it', 'pl', 'sv']) say(writer, 100, language, language);
    expect(writer.plan.tracks.map(({ id, language }) => `${id} ${language}`)).toEqual([
      't5 de',
      't6 fr',
      't7 es',
      't8 it',
    ]);
    expect(cut(writer, 0, 2000, 't6')).toEqual([[100, 2000, 'fr']]);
  });

  it('of line 21 are decoded at their times, a pair with each picture', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    const pairs: Pair[] = [...popOn({ row: 15, text: 'HELLO' }), ...line21.eraseDisplayed];
    pairs.forEach((pair, index) => writer.take({ type: 'ccData', atMs: index * 40, triplets: tripletsOf([pair]) }));
    expect(cut(writer, 0, 2000, 't1')).toEqual([[360, 440, 'HELLO']]);
    expect(writer.plan.services).toEqual([]);
    expect(writer.plan.tracks.map(({ id }) => id)).toEqual(['t1']);
  });

  it('are not read where the producer wants none', () => {
    const writer = new CaptionWriter({ ...defaultCaptions, mode: 'off' }, undefined);
    say(writer, 500, 'One');
    expect(writer.plan.tracks).toEqual([]);
    expect(cut(writer, 0, 2000, 't5')).toBeUndefined();
  });
});

it('goes on with the tracks that the timeline has', () => {
  const before = new CaptionWriter(defaultCaptions, undefined);
  say(before, 0, 'x', 'fr');
  say(before, 0, 'x', 'de');
  before.take({ type: 'ccData', atMs: 0, triplets: tripletsOf(line21.resumeDirect) });
  before.cut(0, 90);
  const after = new CaptionWriter(defaultCaptions, { index: 3, startMs: 0, tracks: before.plan.tracks });
  expect(after.plan).toEqual(before.plan);
});
