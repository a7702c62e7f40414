import { describe, expect, it } from 'vitest';
import { storedEntry } from '../catalog/storedEntry.fixture.ts';
import { refuseUpdate } from './entryRules.ts';

const entry = { ...storedEntry, state: 'live' } as const;

describe('changing an entry', () => {
  it('is possible for its words at any time', () => {
    expect(refuseUpdate(entry, { name: 'Evening show', description: 'x', tags: ['y'] })).toBeUndefined();
  });

  it('is possible for what shapes the media while it is not broadcasting', () => {
    for (const state of ['idle', 'ended'] as const)
      expect(refuseUpdate({ ...entry, state }, { profileId: 'passthrough', recording: 'append' })).toBeUndefined();
  });

  it('is refused for what shapes the media while it is broadcasting, unless it stays the same', () => {
    expect(refuseUpdate(entry, { dvr: { enabled: true, windowMinutes: 60 } })?.refused).toBe('entryBroadcasting');
    expect(refuseUpdate(entry, { dvr: { windowMinutes: 120, enabled: true } })).toBeUndefined();
    expect(refuseUpdate(entry, { profileId: 'cloud', recording: 'off' })).toBeUndefined();
  });

  it('is refused for settings of the other type', () => {
    expect(refuseUpdate(entry, { urls: { hls: 'https://x.example/' } })?.refused).toBe('validationFailed');
    const manual = { ...entry, type: 'manual', state: 'idle' } as const;
    expect(refuseUpdate(manual, { recording: 'off' })?.refused).toBe('validationFailed');
    expect(refuseUpdate(manual, { urls: { hls: 'https://x.example/' } })).toBeUndefined();
    const video = { ...entry, type: 'video', state: 'idle' } as const;
    expect(refuseUpdate(video, { dvr: { enabled: false, windowMinutes: 1 } })?.refused).toBe('validationFailed');
    expect(refuseUpdate(video, { retentionDays: 30 })).toBeUndefined();
  });
});
