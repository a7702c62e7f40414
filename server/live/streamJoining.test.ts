import { expect, it } from 'vitest';
import { StreamJoining } from './streamJoining.ts';

it('has a stream wait the longer the more often it has come and gone, until that is forgotten', () => {
  const joining = new StreamJoining();
  const waits: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    waits.push(joining.waitMs(2, turn * 1000));
    joining.joined(2, turn * 1000);
  }
  expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  expect(joining.waitMs(3, 7000)).toBe(2000);
  expect(joining.waitMs(2, 124_000)).toBe(8000);
  expect(joining.waitMs(2, 126_000)).toBe(2000);
});

it('refuses a stream that did not fit for a minute, or until there is nothing left to fit to', () => {
  const joining = new StreamJoining();
  expect(joining.refusal(2, 0)).toBeUndefined();
  joining.misfit(2, 1000);
  expect(joining.refusal(2, 60_999)?.message).toContain('same key-frame interval');
  expect(joining.refusal(3, 2000)).toBeUndefined();
  expect(joining.refusal(2, 61_000)).toBeUndefined();
  joining.misfit(2, 61_000);
  joining.forgetMisfits();
  expect(joining.refusal(2, 61_000)).toBeUndefined();
});
