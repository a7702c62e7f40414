import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuse } from '../../errors.ts';
import { HeldResponses } from './heldResponses.ts';

/** As much of a response as is asked for: whether it is destroyed, and that this closes it. */
class Response extends EventEmitter {
  destroyed = false;

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const refusal = (heldMs: number) => ({ ...refuse('invalidStreamToken'), heldMs });

function holding(most: number) {
  const held = new HeldResponses(most);
  const told: Response[] = [];
  const hold = (heldMs: number): Response => {
    const response = new Response();
    void held.hold(response as unknown as ServerResponse, refusal(heldMs)).then(() => told.push(response));
    return response;
  };
  return { told, hold };
}

describe('HeldResponses', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('go on when their time has come, and leave nothing behind', async () => {
    const { told, hold } = holding(5);
    const [later, sooner] = [hold(2000), hold(1000)];
    await vi.advanceTimersByTimeAsync(999);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1001);
    expect(told).toEqual([sooner, later]);
    expect([later.listenerCount('close'), vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('are given up when their client goes', async () => {
    const { told, hold } = holding(5);
    const gone = hold(1000);
    gone.destroy();
    await vi.advanceTimersByTimeAsync(0);
    expect([told, vi.getTimerCount()]).toEqual([[gone], 0]);
  });

  it('are so many at once: the oldest is dropped for another one', async () => {
    const { hold } = holding(2);
    const [first, second, third] = [hold(1000), hold(1000), hold(1000)];
    expect([first.destroyed, second.destroyed, third.destroyed]).toEqual([true, false, false]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
