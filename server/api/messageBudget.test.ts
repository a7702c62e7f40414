import { describe, expect, it } from 'vitest';
import { MessageBudget } from './messageBudget.ts';

describe('a message budget', () => {
  it('allows a burst and then a steady rate', () => {
    let nowMs = 0;
    const budget = new MessageBudget(3, 2, () => nowMs);
    const takeAll = () => [1, 2, 3, 4].filter(() => budget.take()).length;
    expect(takeAll()).toBe(3);
    nowMs = 1000;
    expect(takeAll()).toBe(2);
    nowMs = 60_000;
    expect(takeAll()).toBe(3);
  });

  it('is not refilled by a clock that goes back', () => {
    let nowMs = 10_000;
    const budget = new MessageBudget(1, 1, () => nowMs);
    budget.take();
    nowMs = 0;
    expect(budget.take()).toBe(false);
  });
});
