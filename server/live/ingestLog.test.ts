import { expect, it } from 'vitest';
import { IngestLog } from './ingestLog.ts';

const event = (second: number, message: string) => ({
  at: new Date(second * 1000).toISOString(),
  kind: 'refused' as const,
  message,
});

it('keeps the last two hundred events of each entry, and one of a repetition', () => {
  const log = new IngestLog();
  for (let second = 0; second < 50; second++) log.add('a', event(second, 'wrong key'));
  expect(log.of('a')).toEqual([event(49, 'wrong key')]);
  for (let second = 0; second < 300; second++) log.add('a', event(second, `attempt ${second}`));
  expect(log.of('a')).toHaveLength(200);
  expect(log.of('a').at(-1)?.message).toBe('attempt 299');
  log.forget('a');
  expect(log.of('a')).toEqual([]);
});
