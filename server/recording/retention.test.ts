import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Retention } from './retention.ts';

const log = pino({ level: 'silent' });

describe('retention', () => {
  it('deletes what has been kept long enough, and goes on past what cannot be deleted', async () => {
    const removed: string[] = [];
    const retention = new Retention({
      expired: () => Promise.resolve(['0_a', '0_b', '0_c']),
      remove: (entryId) => {
        if (entryId === '0_b') return Promise.reject(new Error('busy'));
        removed.push(entryId);
        return Promise.resolve();
      },
      log,
    });
    await retention.sweep();
    await retention.close();
    expect(removed).toEqual(['0_a', '0_c']);
  });

  it('does nothing more once closed, and waits for what it is doing', async () => {
    const removed: string[] = [];
    let finish = () => {};
    const retention = new Retention({
      expired: () => Promise.resolve(['0_a', '0_b']),
      remove: async (entryId) => {
        await new Promise<void>((resolve) => (finish = resolve));
        removed.push(entryId);
      },
      log,
    });
    await new Promise((resolve) => setImmediate(resolve));
    const closed = retention.close();
    finish();
    await closed;
    expect(removed).toEqual(['0_a']);
  });
});
