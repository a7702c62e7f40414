import { expect, it } from 'vitest';
import { Listeners } from '../listeners.ts';
import { lowDiskNotice, stopRecordingsWhenLow } from './lowDisk.ts';

it('stops what is being recorded when the disk gets low, and lets nothing begin until there is room', () => {
  const changed = new Listeners<boolean>();
  const disk = { isLow: false, onChanged: (listener: (isLow: boolean) => void) => changed.add(listener) };
  const reasons: string[] = [];
  const stop = stopRecordingsWhenLow({ stopAll: (reason) => Promise.resolve(void reasons.push(reason)) }, disk);
  expect(lowDiskNotice(disk)).toBeUndefined();
  disk.isLow = true;
  changed.tell(true);
  expect(reasons).toEqual([lowDiskNotice(disk)]);
  expect(reasons[0]).toContain('disk is nearly full');
  disk.isLow = false;
  changed.tell(false);
  expect(reasons).toHaveLength(1);
  stop();
  changed.tell(true);
  expect(reasons).toHaveLength(1);
});
