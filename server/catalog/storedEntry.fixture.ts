import { defaultCaptions } from '../../shared/model/captions.ts';
import type { StoredEntry } from './storedEntry.ts';

/** A live entry as the catalog keeps it. */
export const storedEntry: StoredEntry = {
  id: '0_aaaaaaaa',
  type: 'live',
  name: 'Morning show',
  description: '',
  tags: [],
  profileId: 'cloud',
  dvr: { enabled: true, windowMinutes: 120 },
  recording: 'off',
  captions: defaultCaptions,
  urls: {},
  ingest: { username: '0_aaaaaaaa', password: 'secret', whipToken: 'secrettoo', expiresAtMs: null },
  state: 'idle',
  video: null,
  createdBy: null,
  plays: 0,
  retentionDays: null,
  madeAtMs: null,
  createdAtMs: 0,
  updatedAtMs: 1,
};
