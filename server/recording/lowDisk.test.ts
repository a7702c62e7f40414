import { expect, it } from 'vitest';
import { Listeners } from '../listeners.ts';
import { lowDiskNotice, stopRecordingsWhenLow } from './lowDisk.ts';

it('stops what is being recorded when the disk gets low, and lets it go on when there is room', () => {
  const changed = new Listeners<boolean>();
  const disk = { isLow: false, onChanged: (listener: (isLow: boolean) => void) => changed.add(listener) };
  const reasons: string[] = [];
  const told = (reason: string) => Promise.resolve(void reasons.push(reason));
  const stop = stopRecordingsWhenLow({ stopAll: told, goOnAll: told }, disk);
  expect(lowDiskNotice(disk)).toBeUndefined();
  disk.isLow = true;
  changed.tell(true);
  expect(reasons).toEqual([lowDiskNotice(disk)]);
  expect(reasons[0]).toContain('disk is nearly full');
  disk.isLow = false;
  changed.tell(false);
  expect(reasons.slice(1)).toEqual(['The server’s disk has room again']);
  stop();
  changed.tell(true);
  expect(reasons).toHaveLength(2);
});
