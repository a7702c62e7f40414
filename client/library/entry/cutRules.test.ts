import { describe, expect, it } from 'vitest';
import type { LiveEntry, VideoEntry } from '../../../shared/model/entry.ts';
import { clipHindrance, trimHindrance } from './cutRules.ts';

const video = { type: 'video', status: 'ready', profileId: 'lean' } as VideoEntry;
const live = { type: 'live', state: 'live', profileId: 'lean' } as LiveEntry;
const source = { id: 'v0', kind: 'video' };
const flavor = { id: 'v1', kind: 'video' };
const sound = { id: 'a0', kind: 'audio' };

describe('cutting', () => {
  it('is possible while there is the source', () => {
    for (const entry of [video, live]) expect(clipHindrance(entry, [source, flavor, sound])).toBeUndefined();
    expect(trimHindrance(video, [source, sound])).toBeUndefined();
    expect(clipHindrance(video, [sound])).toBeUndefined();
  });

  it('leads to the profile that does not keep the source', () => {
    expect(clipHindrance(live, [flavor, sound])).toMatchObject({ profileId: 'lean' });
    expect(clipHindrance({ ...video, profileId: null }, [flavor])).not.toHaveProperty('profileId');
  });

  it('says what it waits for', () => {
    expect(clipHindrance({ ...live, state: 'idle' }, [])?.reason).toContain('Nothing has been broadcast');
    expect(clipHindrance({ ...video, status: 'processing' }, [])?.reason).toContain('not ready');
    expect(trimHindrance({ ...video, status: 'recording' }, [source])?.reason).toContain('still being recorded');
    expect(clipHindrance({ ...video, status: 'recording' }, [source])).toBeUndefined();
  });
});
