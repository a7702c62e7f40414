import { describe, expect, it } from 'vitest';
import {
  addCut,
  cutProblem,
  describeCut,
  dragEdge,
  moveCut,
  noCuts,
  removeCut,
  selectedCut,
  setIn,
  setOut,
  signatureOf,
  snapIn,
  snapOut,
} from './cuts.ts';
import { beginHistory, change, redo, undo } from './history.ts';
import { gridOf, mediaOf } from './media.ts';
import { spanOf } from './span.fixture.ts';

const media = mediaOf(spanOf({ gaps: [{ startMs: 4000, endMs: 5200 }] }), gridOf(spanOf()));
const one = addCut(noCuts, 'a', { start: 10, end: 20 });
const three = addCut(addCut(one, 'b', { start: 30, end: 40 }), 'c', { start: 50, end: 60 });
const keys = ({ list }: typeof three) => list.map(({ key }) => key).join('');

describe('in and out', () => {
  it('are set where one is', () => {
    expect(selectedCut(setIn(one, 'a', 12, media))).toMatchObject({ start: 12, end: 20 });
    expect(selectedCut(setOut(one, 'a', 30, media))).toMatchObject({ start: 10, end: 30 });
  });

  it('give way to each other', () => {
    expect(selectedCut(setIn(one, 'a', 20, media))).toMatchObject({ start: 20, end: 250 });
    expect(selectedCut(setOut(one, 'a', 5, media))).toMatchObject({ start: 0, end: 5 });
  });

  it('are dragged no further than one frame from each other, and not out of the media', () => {
    expect(selectedCut(dragEdge(one, 'a', 'start', 99, media))).toMatchObject({ start: 19, end: 20 });
    expect(selectedCut(dragEdge(one, 'a', 'end', 3, media))).toMatchObject({ start: 10, end: 11 });
    expect(selectedCut(dragEdge(one, 'a', 'start', -5.4, media))).toMatchObject({ start: 0 });
    expect(selectedCut(dragEdge(one, 'a', 'end', 300, media))).toMatchObject({ end: 250 });
    expect(selectedCut(dragEdge(one, 'a', 'end', 22.6, media))).toMatchObject({ end: 23 });
  });

  it('are not in gaps', () => {
    expect([snapIn(media, 99), snapIn(media, 100), snapIn(media, 129), snapIn(media, 130)]).toEqual([
      99, 130, 130, 130,
    ]);
    expect([snapOut(media, 100), snapOut(media, 101), snapOut(media, 130), snapOut(media, 131)]).toEqual([
      100, 100, 100, 131,
    ]);
  });
});

describe('a list of cuts', () => {
  it('is put in order', () => {
    expect(keys(moveCut(three, 'c', -1))).toBe('acb');
    expect(moveCut(three, 'c', 1)).toBe(three);
    expect(moveCut(three, 'a', -1)).toBe(three);
  });

  it('goes on with the next when one is removed', () => {
    expect(removeCut({ ...three, selected: 'b' }, 'b').selected).toBe('c');
    expect(removeCut(three, 'c').selected).toBe('b');
    expect(removeCut(three, 'a').selected).toBe('c');
    expect(removeCut(one, 'a')).toEqual({ list: [], selected: undefined });
  });

  it('knows what has changed since it was saved', () => {
    const cut = selectedCut(one)!;
    expect(signatureOf(cut)).toBe(signatureOf({ ...cut, name: ' ' }));
    expect(signatureOf(cut)).not.toBe(signatureOf({ ...cut, end: 21 }));
  });
});

it('says why a cut cannot be saved', () => {
  const cut = selectedCut(one)!;
  expect(cutProblem(cut, media)).toBeUndefined();
  expect(cutProblem({ ...cut, name: 'abc' }, media)).toContain('5 characters');
  expect(cutProblem(cut, { start: 11 })).toContain('Its beginning has left');
  expect(cutProblem(cut, { start: 20 })).toContain('cannot be cut any more');
});

describe('undo', () => {
  it('goes back by gestures, and forth again', () => {
    let history = beginHistory(one);
    for (const frame of [21, 22, 23])
      history = change(history, dragEdge(history.present, 'a', 'end', frame, media), 'drag 1');
    history = change(history, dragEdge(history.present, 'a', 'end', 40, media), 'drag 2');
    const ends = (now: typeof history) => now.present.list[0]?.end;
    expect(ends(history)).toBe(40);
    history = undo(history);
    expect(ends(history)).toBe(23);
    history = undo(history);
    expect(ends(history)).toBe(20);
    expect(undo(history)).toBe(history);
    history = redo(redo(history));
    expect(ends(history)).toBe(40);
    expect(redo(history)).toBe(history);
  });

  it('leaves nothing to redo after another change', () => {
    const undone = undo(change(beginHistory(one), describeCut(one, 'a', { name: 'Opening' })));
    expect(redo(change(undone, moveCut(three, 'a', 1))).present.list).toHaveLength(3);
  });

  it('remembers no more than a while', () => {
    let history = beginHistory(0);
    for (let count = 1; count <= 1000; count++) history = change(history, count);
    expect(history.past).toHaveLength(200);
  });
});
