import { expect, it } from 'vitest';
import { RestartBrake } from './restartBrake.ts';

it('lets restarts that follow each other wait longer and longer, and one that comes later not at all', () => {
  const brake = new RestartBrake();
  let nowMs = 1_800_000_000_000;
  const pauses = Array.from({ length: 7 }, () => {
    const pauseMs = brake.pauseMs(nowMs);
    nowMs += pauseMs + 4900;
    return pauseMs;
  });
  expect(pauses).toEqual([0, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(brake.pauseMs(nowMs + 100)).toBe(0);
  expect(brake.pauseMs(nowMs + 200)).toBe(1000);
});

it('allows twenty changes in a minute', () => {
  const brake = new RestartBrake();
  for (let second = 0; second < 20; second++) expect(brake.allowsChange(second * 1000)).toBe(true);
  expect(brake.allowsChange(59_000)).toBe(false);
  const slow = new RestartBrake();
  for (let turn = 0; turn < 100; turn++) expect(slow.allowsChange(turn * 3000)).toBe(true);
});
