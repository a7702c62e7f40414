import { describe, expect, it } from 'vitest';
import { readTrackInit } from '../mp4/initSegment.ts';
import { readFragment } from '../mp4/mediaFragment.ts';
import { writeTextInit } from '../mp4/writeTextInit.ts';
import { CaptionDecoder } from './captionDecoder.ts';
import { line21, popOn, tripletsOf } from './captions.fixture.ts';
import { readCues, writeCueFragment } from './cueFragment.ts';
import { CueTrack } from './cueTrack.ts';
import { placeLines } from './placeLines.ts';
import { PresentationOrder } from './presentationOrder.ts';
import { webVtt } from './webVtt.ts';

const said = (text: string) => [{ settings: '', text }];
const init = readTrackInit(writeTextInit(90_000, 'en'));

describe('cues', () => {
  it('are cut where a segment ends, and go on in the next', () => {
    const track = new CueTrack();
    track.changed(100, []);
    track.changed(150, said('one'));
    expect(track.cut(0, 200, said('two'))).toEqual([
      { startTicks: 100, endTicks: 150, blocks: said('one') },
      { startTicks: 150, endTicks: 200, blocks: said('two') },
    ]);
    track.changed(250, said('two'));
    expect(track.cut(200, 400, [])).toEqual([{ startTicks: 200, endTicks: 250, blocks: said('two') }]);
  });

  it('that come late begin where nothing has been given out yet', () => {
    const track = new CueTrack();
    track.cut(0, 200, []);
    track.changed(120, []);
    track.changed(230, said('late'));
    expect(track.cut(200, 400, [])).toEqual([{ startTicks: 200, endTicks: 230, blocks: said('late') }]);
  });

  it('leave out the time between segments', () => {
    const track = new CueTrack();
    track.cut(0, 200, said('before'));
    expect(track.cut(500, 600, said('before'))).toMatchObject([{ startTicks: 500, endTicks: 600 }]);
  });

  it('are samples without gaps, and are read back', () => {
    const cues = [
      { startTicks: 1000, endTicks: 3000, blocks: [{ settings: 'line:90%', text: '<i>Ça va?</i>' }, ...said('b')] },
      { startTicks: 4000, endTicks: 6000, blocks: said('c') },
    ];
    const fragment = writeCueFragment(0, 9000, cues);
    expect(readFragment(fragment, init)).toMatchObject({ startTicks: 0, durationTicks: 9000, independent: true });
    expect(readFragment(fragment, init).samples).toHaveLength(5);
    expect(readCues(fragment, init)).toEqual(cues);
  });

  it('are a single empty sample where nobody says anything', () => {
    const fragment = writeCueFragment(90_000, 270_000, []);
    expect(readFragment(fragment, init)).toMatchObject({ startTicks: 90_000, durationTicks: 180_000 });
    expect(readCues(fragment, init)).toEqual([]);
  });

  it('are written as WebVTT with the times of the media', () => {
    const cue = {
      startTicks: 90_000 * 3601.5,
      endTicks: 90_000 * 90_061,
      blocks: [{ settings: 'line:50%', text: 'x' }],
    };
    expect(webVtt([cue], 90_000)).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n01:00:01.500 --> 25:01:01.000 line:50%\nx\n',
    );
  });
});

describe('lines of a 608 screen', () => {
  const placed = (...parts: Parameters<typeof tripletsOf>[0][]) => {
    const decoder = new CaptionDecoder(() => undefined);
    decoder.push(tripletsOf(parts.flat()));
    return placeLines(decoder.shown('CC1'));
  };

  it('stand where they stood, in blocks', () => {
    expect(
      placed(popOn({ row: 1, text: 'TOP' }, { row: 14, column: 8, text: 'A < B' }, { row: 15, text: 'C & D' })),
    ).toEqual([
      { settings: 'line:10% position:10% align:start', text: 'TOP' },
      { settings: 'line:79.33% position:10% align:start', text: 'A &lt; B\nC &amp; D' },
    ]);
  });

  it('are centred where they were', () => {
    expect(placed(popOn({ row: 15, column: 12, text: 'CENTRED' }))).toEqual([
      { settings: 'line:84.67%', text: 'CENTRED' },
    ]);
  });

  it('keep italics', () => {
    const [block] = placed(line21.resumeDirect, line21.place(15), line21.italics, line21.text('(LAUGHS)'));
    expect(block?.text).toBe('<i>(LAUGHS)</i>');
  });
});

it('gives what was reordered in the order of its times, as far as it is certain', () => {
  const order = new PresentationOrder<string>();
  order.push(0, 'I');
  order.push(90, 'P');
  order.push(30, 'b1');
  expect(order.take(60).map(({ item }) => item)).toEqual(['I', 'b1']);
  order.push(60, 'b2');
  expect(order.take(Infinity).map(({ item }) => item)).toEqual(['b2', 'P']);
  for (let ticks = 0; ticks < 1000; ticks++) order.push(ticks, 'x');
  expect(order.take(0)).toHaveLength(400);
});
