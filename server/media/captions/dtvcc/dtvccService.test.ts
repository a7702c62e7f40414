import { describe, expect, it } from 'vitest';
import type { CaptionLine } from '../captionScreen.ts';
import { digitalPopOn, dtvcc } from './dtvcc.fixture.ts';
import { DtvccService } from './dtvccService.ts';

function textOf(lines: readonly CaptionLine[]): string {
  return lines.map(({ runs }) => runs.map(({ text }) => text).join('')).join('\n');
}

function decode(...codes: readonly (readonly number[])[]) {
  const replaced: string[] = [];
  const service = new DtvccService(() => replaced.push(textOf(service.lines())));
  for (const each of codes) service.push(Uint8Array.from(each));
  return { service, replaced: replaced.filter((text) => text !== ''), text: textOf(service.lines()) };
}
const shown = (...codes: readonly (readonly number[])[]) => decode(...codes).text;
const open = dtvcc.define({ visible: true });

describe('what a service has on the screen', () => {
  it('is a pop-on caption once its window is displayed, in place of the one before', () => {
    const first = digitalPopOn(0, [1], 'HELLO', 'WORLD!');
    expect(shown(...first.slice(0, -1))).toBe('');
    const { service, replaced, text } = decode(
      ...first,
      ...digitalPopOn(1, [0], 'NEXT'),
      dtvcc.hide(1),
      dtvcc.display(1),
    );
    expect(replaced).toEqual(['HELLO\nWORLD!', 'NEXT']);
    expect(text).toBe('NEXT');
    expect(service.lines()).toMatchObject([{ row: 13, column: 19 }]);
  });

  it('rolls up by as many rows as its window has, and says so line by line', () => {
    const rollUp = ['A', 'B', 'C', 'D'].flatMap((text) => [dtvcc.text(text), dtvcc.carriageReturn]);
    const { replaced, text } = decode(dtvcc.define({ visible: true, rows: 3 }), ...rollUp);
    expect(replaced).toEqual(['A', 'A\nB', 'A\nB\nC', 'B\nC\nD']);
    expect(text).toBe('C\nD');
  });

  it('is what is painted on, as it comes, until something is painted over it', () => {
    const { replaced, text } = decode(
      open,
      dtvcc.text('PAINT'),
      dtvcc.place(1, 2),
      dtvcc.text('ON'),
      dtvcc.place(0),
      dtvcc.text('SAINT'),
    );
    expect(replaced).toEqual(['PAINT\nON']);
    expect(text).toBe('SAINT\nON');
  });

  it('is cleared, hidden, toggled and deleted by windows', () => {
    const two = [open, dtvcc.text('A'), dtvcc.define({ id: 3, visible: true, vertical: 20 }), dtvcc.text('B')];
    expect(shown(...two)).toBe('A\nB');
    expect(shown(...two, dtvcc.clear(0))).toBe('B');
    expect(shown(...two, dtvcc.hide(0, 3))).toBe('');
    expect(shown(...two, dtvcc.hide(0), dtvcc.toggle(0, 3))).toBe('A');
    expect(shown(...two, dtvcc.delete(3), dtvcc.display(3))).toBe('A');
    expect(shown(...two, dtvcc.reset, dtvcc.display(0, 3))).toBe('');
    expect(decode(...two, dtvcc.reset).replaced).toEqual(['A', 'A\nB', 'B']);
  });

  it('is written where a current window is, and nowhere else', () => {
    expect(shown(dtvcc.text('LOST'), open, dtvcc.text('A'), dtvcc.current(5), dtvcc.text('LOST'))).toBe('A');
    expect(shown(open, dtvcc.define({ id: 1 }), dtvcc.current(0), dtvcc.text('A'))).toBe('A');
  });

  it('keeps its text when a window is defined anew, as far as there are rows', () => {
    const text = [dtvcc.define({ visible: true, rows: 3 }), dtvcc.text('A'), dtvcc.place(2), dtvcc.text('B')];
    expect(decode(...text, dtvcc.define({ visible: true, rows: 3 })).replaced).toEqual([]);
    expect(shown(...text, dtvcc.define({ visible: true, rows: 2 }), dtvcc.text('C'))).toBe('A\nC');
    expect(decode(...text, dtvcc.define({ visible: true, rows: 3, vertical: 30 })).replaced).toEqual(['A\nB']);
    expect(decode(...text, dtvcc.define({ rows: 3 })).replaced).toEqual(['A\nB']);
    expect(shown(...text, dtvcc.define({ rows: 3 }))).toBe('');
  });

  it('is corrected by backspaces and new rows', () => {
    expect(shown(open, dtvcc.text('ABX'), dtvcc.backspace, dtvcc.text('C'))).toBe('ABC');
    expect(shown(open, dtvcc.backspace, dtvcc.text('A'))).toBe('A');
    const { replaced, text } = decode(open, dtvcc.text('ABX'), dtvcc.restartRow, dtvcc.text('C'), dtvcc.formFeed);
    expect([replaced, text]).toEqual([['ABX', 'C'], '']);
  });

  it('is in italics or underlined as the pen is, and not what is not to be shown', () => {
    const { service } = decode(
      open,
      dtvcc.text('A'),
      dtvcc.pen({ italic: true }),
      dtvcc.text('B'),
      dtvcc.penColor,
      dtvcc.pen({ underlined: true }),
      dtvcc.text('C'),
      dtvcc.pen({ tag: 15 }),
      dtvcc.text('SECRET'),
      dtvcc.define({ visible: true, penStyle: 2 }),
      dtvcc.text('D'),
    );
    const styles = service.lines()[0]!.runs.map(({ text, italic, underlined }) => [text, italic, underlined]);
    expect(styles).toEqual([
      ['A', false, false],
      ['B', true, false],
      ['C', false, true],
      ['D', false, false],
    ]);
  });

  it('is not cut by what a window was announced to have', () => {
    const { service } = decode(
      dtvcc.define({ visible: true, columns: 2, horizontal: 209 }),
      dtvcc.text('X'.repeat(31)),
    );
    expect(service.lines()).toMatchObject([{ column: 11, runs: [{ text: 'X'.repeat(31) }] }]);
    expect(shown(open, dtvcc.text('X'.repeat(31)), dtvcc.text('Y'.repeat(31)))).toBe('X'.repeat(31) + 'Y'.repeat(11));
    expect(shown(open, dtvcc.place(15, 63), dtvcc.text('AB'))).toBe('A');
  });
});

describe('where a service has its lines', () => {
  const at = (definition: Parameters<typeof dtvcc.define>[0], ...more: number[][]) => {
    const { service } = decode(dtvcc.define({ visible: true, ...definition }), ...more, dtvcc.text('TEXT'));
    const [line] = service.lines();
    return [line?.row, line?.column];
  };

  it('follows from the point that a window is anchored with', () => {
    const size = { rows: 2, columns: 20, vertical: 50, horizontal: 105 };
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((anchorPoint) => at({ ...size, anchorPoint }))).toEqual([
      [10, 21],
      [10, 11],
      [10, 1],
      [9, 21],
      [9, 11],
      [9, 1],
      [8, 21],
      [8, 11],
      [8, 1],
    ]);
  });

  it('may be in parts of the screen, and is always on it', () => {
    expect(at({ relative: true, vertical: 50, horizontal: 50, columns: 4 })).toEqual([8, 21]);
    expect(at({ vertical: 127, horizontal: 255, columns: 42, rows: 15 })).toEqual([0, 0]);
    expect(at({ relative: true, vertical: 127, horizontal: 255, anchorPoint: 15, columns: 42 })).toEqual([13, 0]);
  });

  it('follows from how text stands in its window', () => {
    expect(at({}, dtvcc.place(0, 3))).toEqual([0, 3]);
    expect([0, 1, 2, 3].map((justification) => at({}, dtvcc.justify(justification))[1])).toEqual([0, 28, 14, 0]);
    expect([1, 2, 3, 4, 5, 6, 7].map((windowStyle) => at({ windowStyle })[1])).toEqual([0, 0, 14, 0, 0, 14, 0]);
  });

  it('is window by window', () => {
    const { service } = decode(
      dtvcc.define({ visible: true, horizontal: 105, priority: 1 }),
      dtvcc.text('C'),
      dtvcc.carriageReturn,
      dtvcc.text('D'),
      dtvcc.define({ id: 1, visible: true }),
      dtvcc.text('A'),
      dtvcc.carriageReturn,
      dtvcc.text('B'),
    );
    expect(textOf(service.lines())).toBe('A\nB\nC\nD');
  });
});

describe('characters of a service', () => {
  it('are those of Latin, and a note', () => {
    expect(shown(open, [0x41, 0x7f, 0xe9, 0xff, 0x5f])).toBe('A♪éÿ_');
  });

  it('are extended by others, with a line for what is not known', () => {
    const codes = [0x25, 0x2a, 0x34, 0x39, 0x3f, 0x76, 0x7f, 0xa0, 0x22, 0xff];
    expect(
      shown(
        open,
        codes.flatMap((code) => [0x10, code]),
      ),
    ).toBe('…Š”™Ÿ⅛┌[CC]__');
    expect(shown(open, [0x41, 0x10, 0x20, 0x10, 0x21, 0x42])).toBe('A \u00a0B');
  });
});

describe('codes that nobody uses', () => {
  it('are skipped by the length of their kind', () => {
    const kinds: Record<string, readonly number[]> = {
      'C0 of one byte': [0x00, 0x03, 0x0f],
      'C0 of two': [0x11, 0x41, 0x17, 0x41],
      'C0 of three': [0x18, 0x41, 0x41, 0x1f, 0x41, 0x41],
      'C1 in reserve': [0x93, 0x94, 0x95, 0x96],
      'C2 of one byte': [0x10, 0x00, 0x10, 0x07],
      'C2 of two': [0x10, 0x08, 0x41],
      'C2 of three': [0x10, 0x10, 0x41, 0x41],
      'C2 of four': [0x10, 0x1f, 0x41, 0x41, 0x41],
      'C3 of five bytes': [0x10, 0x80, 0x41, 0x41, 0x41, 0x41],
      'C3 of six': [0x10, 0x8f, 0x41, 0x41, 0x41, 0x41, 0x41],
      'C3 of any length': [0x10, 0x90, 0x42, 0x41, 0x41, 0x10, 0x9f, 0x00],
      delays: [...dtvcc.delay(0x41), ...dtvcc.cancelDelay],
    };
    for (const [kind, codes] of Object.entries(kinds)) {
      expect({ kind, text: shown(open, [...codes, 0x5a]) }).toEqual({ kind, text: 'Z' });
    }
  });

  it('are left out where a block ends before them', () => {
    for (const codes of [
      [0x10],
      [0x18, 0x41],
      [0x10, 0x90],
      [0x10, 0x90, 0x05, 0x41],
      open.slice(0, 4),
      [0x92, 0x01],
    ]) {
      expect(shown(open, [0x59, ...codes], [0x5a])).toBe('YZ');
    }
  });
});
