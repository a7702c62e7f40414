import { expect, it } from 'vitest';
import { inspectOwners } from './inspectOwners.ts';

it('finds compositions that are nobody’s, and videos that have none', () => {
  const compositions = [
    { name: '0_recorded', entry_id: '0_recorded' },
    { name: '0_recorded:original', entry_id: '0_recorded' },
    { name: '0_deleted', entry_id: '0_deleted' },
    { name: '0_deleted:original', entry_id: '0_deleted' },
    { name: 'cut-1', entry_id: 'cut-1' },
    { name: 'upload-1', entry_id: 'upload-1' },
  ];
  const entries = { ids: new Set(['0_live', '0_recorded', '0_lost']), playable: ['0_recorded', '0_lost'] };
  expect(inspectOwners(compositions, entries)).toEqual([
    { kind: 'orphan', where: '0_deleted' },
    { kind: 'orphan', where: '0_deleted:original' },
    { kind: 'videoWithoutMedia', where: '0_lost' },
  ]);
});
