import { describe, expect, it } from 'vitest';
import { defaultCaptions } from '../../../shared/model/captions.ts';
import { line21, popOn, tripletsOf, type Pair } from '../../media/captions/captions.fixture.ts';
import { digitalPopOn, dtvcc, DtvccEncoder } from '../../media/captions/dtvcc/dtvcc.fixture.ts';
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

describe('digital captions', () => {
  const send = (writer: CaptionWriter, triplets: readonly Uint8Array[], fromMs = 0) =>
    triplets.forEach((each, index) => writer.take({ type: 'ccData', atMs: fromMs + index * 40, triplets: each }));

  it('are text where they are the only ones, at their times and places', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    const codes = [...digitalPopOn(0, [], 'DIGITAL', 'WORDS'), dtvcc.hide(0)];
    send(writer, new DtvccEncoder().packets(codes));
    const cues = writer.cut(0, 2000 * 90).get('t9');
    expect(said(cues)).toEqual([[240, 280, 'DIGITAL\nWORDS']]);
    expect(cues![0]!.blocks[0]!.settings).toBe('line:74%');
    expect(writer.plan.tracks.map(({ id, label }) => `${id} ${label}`)).toEqual(['t9 English']);
  });

  it('are cut line by line as they roll up, and where segments end', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    const typed = ['ONE', 'TWO', 'THREE'].flatMap((text) =>
      Array.from(text, (letter) => dtvcc.text(letter)).concat([[...dtvcc.carriageReturn]]),
    );
    send(writer, new DtvccEncoder().packets([dtvcc.define({ visible: true }), ...typed]));
    expect(cut(writer, 0, 400, 't9')).toEqual([
      [40, 160, 'ONE'],
      [160, 320, 'ONE\nTWO'],
      [320, 400, 'TWO\nT'],
    ]);
    expect(cut(writer, 400, 600, 't9')).toEqual([
      [400, 560, 'TWO\nTHREE'],
      [560, 600, 'THREE'],
    ]);
  });

  it('take the place of line 21 that is mere padding, and keep it over a reconnection', () => {
    const writer = new CaptionWriter(defaultCaptions, undefined);
    const ids = () => writer.plan.tracks.map(({ id }) => id);
    send(writer, [tripletsOf([[0, 0]])]);
    writer.cut(0, 90);
    expect(ids()).toEqual(['t1']);
    const count = writer.foundCount;
    send(writer, new DtvccEncoder().packets([...digitalPopOn(0, [], 'ONE'), dtvcc.hide(0)]), 40);
    writer.cut(90, 2000 * 90);
    expect(ids()).toEqual(['t9']);
    expect(writer.foundCount).toBeGreaterThan(count);
    const after = new CaptionWriter(defaultCaptions, { index: 1, startMs: 0, tracks: writer.plan.tracks });
    expect(after.plan).toEqual(writer.plan);
    // Who has a track goes on with it; what begins later has that of line 21.
    send(writer, [tripletsOf(line21.resumeDirect)], 3000);
    writer.cut(2000 * 90, 4000 * 90);
    expect(ids()).toEqual(['t1']);
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
