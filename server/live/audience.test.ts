import { pino } from 'pino';
import { expect, it } from 'vitest';
import { Audience, type ViewerSample } from './audience.ts';

it('writes down how many watch each broadcast, whatever becomes of one write', async () => {
  const stored: ViewerSample[] = [];
  let fails = true;
  const audience = new Audience({
    broadcasts: () => [{ entryId: '0_a', broadcastId: 'b1' }],
    viewers: (entryId) => (entryId === '0_a' ? 7 : 0),
    add: (samples) => {
      if (fails) return Promise.reject(new Error('the broadcast has been deleted'));
      stored.push(...samples);
      return Promise.resolve();
    },
    now: () => 60_000,
    log: pino({ level: 'silent' }),
  });
  audience.sample();
  await new Promise((resolve) => setImmediate(resolve));
  fails = false;
  audience.sample();
  await audience.close();
  expect(stored).toEqual([{ broadcastId: 'b1', atMs: 60_000, viewers: 7 }]);
});
