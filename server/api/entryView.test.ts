import { describe, expect, it } from 'vitest';
import { entrySchema } from '../../shared/model/entry.ts';
import { storedEntry } from '../catalog/storedEntry.fixture.ts';
import { viewEntry, type EntryContext } from './entryView.ts';

const context: EntryContext = {
  addresses: {
    publicUrl: 'https://live.example.org/',
    rtmpPort: 1940,
    rtmpsPort: 1941,
    rtspPort: 1942,
    announcedAddress: '2001:db8::5',
  },
  broadcast: undefined,
  failure: null,
  recorded: null,
  storage: { sizeBytes: 3000, sharedBytes: 1000 },
  posterVersion: undefined,
  mayPublish: true,
};

describe('how an entry looks', () => {
  it('is what the API promises', () => {
    const view = viewEntry(storedEntry, context);
    expect(entrySchema.parse(view)).toEqual(view);
    expect(view).toMatchObject({ createdAt: '1970-01-01T00:00:00.000Z', updatedAt: '1970-01-01T00:00:00.001Z' });
  });

  it('has addresses that work with IPv6 and a base that ends in a slash', () => {
    const view = viewEntry(storedEntry, context);
    expect(view).toHaveProperty('ingest.primaryUrl', 'rtmp://[2001:db8::5]:1940/live?token=secret');
    expect(view).toHaveProperty('ingest.rtspUrl', 'rtsp://[2001:db8::5]:1942/live/0_aaaaaaaa_1');
    expect(view).toHaveProperty('ingest.secureBackupUrl', 'rtmps://[2001:db8::5]:1941/live?i=1&token=secret');
    expect(view).toHaveProperty('ingest.loginUrl', 'rtmp://[2001:db8::5]:1940/live?auth=adobe');
    expect(view).toHaveProperty('ingest.secureBackupLoginUrl', 'rtmps://[2001:db8::5]:1941/live?i=1&auth=adobe');
    expect(view.playback.watch).toBe('https://live.example.org/watch/0_aaaaaaaa');
  });

  it('says when its stream key ends, if it does', () => {
    expect(viewEntry(storedEntry, context)).toHaveProperty('ingest.expiresAt', null);
    const ending = { ...storedEntry, ingest: { ...storedEntry.ingest, expiresAtMs: 60_000 } };
    expect(viewEntry(ending, context)).toHaveProperty('ingest.expiresAt', '1970-01-01T00:01:00.000Z');
    expect(JSON.stringify(viewEntry(ending, { ...context, mayPublish: false }))).not.toContain('00:01:00');
  });

  it('gives each poster an address of its own', () => {
    const thumbnail = 'https://live.example.org/play/0_aaaaaaaa/thumbnail.jpg';
    expect(viewEntry(storedEntry, context).thumbnail).toBe(thumbnail);
    expect(viewEntry(storedEntry, { ...context, posterVersion: '17' }).thumbnail).toBe(`${thumbnail}?v=17`);
  });

  it('says of a video what it is', () => {
    const video = {
      origin: 'recording',
      status: 'ready',
      progress: null,
      failure: null,
      durationMs: 60_000,
      sourceEntryId: '0_bbbbbbbb',
      rootEntryId: null,
      trimmed: false,
    } as const;
    const view = viewEntry({ ...storedEntry, type: 'video', createdBy: 'ada@example.org', video }, context);
    expect(entrySchema.parse(view)).toEqual(view);
    expect(view).toMatchObject({ ...video, type: 'video', sizeBytes: 3000, createdBy: 'ada@example.org' });
    expect(view).not.toHaveProperty('ingest');
    expect(view.playback.hls).toBe('https://live.example.org/play/0_aaaaaaaa/hls/master.m3u8');
  });

  it('keeps its secrets from those who may not publish', () => {
    expect(JSON.stringify(viewEntry(storedEntry, { ...context, mayPublish: false }))).not.toContain('secret');
    const anonymous = { ...context, mayPublish: false };
    expect(viewEntry({ ...storedEntry, createdBy: 'ada@example.org' }, anonymous).createdBy).toBeNull();
    expect(JSON.stringify(viewEntry({ ...storedEntry, type: 'manual' }, context))).not.toContain('secret');
  });
});
