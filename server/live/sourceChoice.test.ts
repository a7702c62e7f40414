import { describe, expect, it } from 'vitest';
import { chooseSource, type Candidate } from './sourceChoice.ts';

const rules = { stallMs: 2000, steadyMs: 10_000 };
const nowMs = 100_000;
const primary: Candidate = {
  role: 'primary',
  ready: true,
  lastMediaAtMs: nowMs - 40,
  steadySinceMs: 0,
  heldUntilMs: 0,
};
const backup: Candidate = { role: 'backup', ready: true, lastMediaAtMs: nowMs - 40, steadySinceMs: 0, heldUntilMs: 0 };
const stalled = (candidate: Candidate): Candidate => ({ ...candidate, lastMediaAtMs: nowMs - 2100 });
const choose = (candidates: Candidate[], onAir?: Candidate) => chooseSource(candidates, onAir, nowMs, rules);

describe('chooseSource', () => {
  it('begins with the primary when both are there, and with the backup when only that is', () => {
    expect(choose([backup, primary])).toBe(primary);
    expect(choose([backup])).toBe(backup);
    expect(choose([])).toBeUndefined();
  });

  it('leaves a sound source on air', () => {
    expect(choose([primary, backup], primary)).toBe(primary);
  });

  it('goes to the backup when the primary stalls or has gone', () => {
    const silent = stalled(primary);
    expect(choose([silent, backup], silent)).toBe(backup);
    expect(choose([backup], primary)).toBe(backup);
  });

  it('goes back to the primary only after it has been steady for a while', () => {
    const returned = { ...primary, steadySinceMs: nowMs - 9000 };
    expect(choose([returned, backup], backup)).toBe(backup);
    const steady = { ...primary, steadySinceMs: nowMs - 10_000 };
    expect(choose([steady, backup], backup)).toBe(steady);
  });

  it('stays with a stalled source when there is nothing better', () => {
    const silent = stalled(primary);
    expect(choose([silent], silent)).toBe(silent);
    expect(choose([silent, stalled(backup)], silent)).toBe(silent);
    expect(choose([silent, { ...backup, ready: false }], silent)).toBe(silent);
  });

  it('leaves one that is held alone until then', () => {
    const held = { ...primary, heldUntilMs: nowMs + 1 };
    expect(choose([held, backup], held)).toBe(backup);
    expect(choose([held], held)).toBeUndefined();
    expect(choose([held, stalled(backup)], held)).toEqual(stalled(backup));
    expect(choose([{ ...held, heldUntilMs: nowMs }])).toBeDefined();
  });
});
