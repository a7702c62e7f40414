import { describe, expect, it } from 'vitest';
import { SegmentRuns } from './segmentRuns.ts';

function runsOf(...segments: readonly (readonly [startTicks: number, durationTicks: number])[]): SegmentRuns {
  const runs = new SegmentRuns();
  for (const [startTicks, durationTicks] of segments) runs.push(startTicks, durationTicks);
  return runs;
}

describe('SegmentRuns', () => {
  it('joins equal segments, and names the time only at the start and after a gap', () => {
    const runs = runsOf([100, 10], [110, 10], [120, 10], [130, 7], [137, 10], [150, 10]);
    expect(runs.text().toString()).toBe('<S t="100" d="10" r="2"/><S d="7"/><S d="10"/><S t="150" d="10"/>');
  });

  it('drops segments from the beginning, one by one', () => {
    const runs = runsOf([0, 10], [10, 10], [20, 5], [25, 10]);
    const seen = Array.from({ length: 5 }, () => {
      const text = runs.text().toString();
      runs.shift();
      return text;
    });
    expect(seen).toEqual([
      '<S t="0" d="10" r="1"/><S d="5"/><S d="10"/>',
      '<S t="10" d="10"/><S d="5"/><S d="10"/>',
      '<S t="20" d="5"/><S d="10"/>',
      '<S t="25" d="10"/>',
      '',
    ]);
  });

  it('lists what is announced without keeping it', () => {
    const runs = runsOf([0, 10], [10, 10]);
    expect(runs.text([{ startTicks: 20, durationTicks: 10 }]).toString()).toBe('<S t="0" d="10" r="2"/>');
    const two = [
      { startTicks: 20, durationTicks: 7 },
      { startTicks: 27, durationTicks: 12 },
    ];
    expect(runs.text(two).toString()).toBe('<S t="0" d="10" r="1"/><S d="7"/><S d="12"/>');
    expect(runs.text().toString()).toBe('<S t="0" d="10" r="1"/>');
    runs.push(20, 8);
    expect(runs.text([{ startTicks: 28, durationTicks: 12 }]).toString()).toBe(
      '<S t="0" d="10" r="1"/><S d="8"/><S d="12"/>',
    );
    expect(
      runsOf()
        .text([{ startTicks: 5, durationTicks: 9 }])
        .toString(),
    ).toBe('<S t="5" d="9"/>');
  });

  it('goes on after everything was dropped', () => {
    const runs = runsOf([0, 10]);
    runs.shift();
    runs.push(40, 10);
    runs.push(50, 10);
    runs.push(60, 4);
    expect(runs.text().toString()).toBe('<S t="40" d="10" r="1"/><S d="4"/>');
  });

  it('never lets elements overlap', () => {
    expect(runsOf([0, 10], [10, 10], [19, 10]).text().toString()).toBe('<S t="0" d="10"/><S d="9"/><S d="10"/>');
    expect(runsOf([0, 10], [8, 10]).text().toString()).toBe('<S t="0" d="8"/><S d="10"/>');
  });
});
