import { describe, expect, it } from 'vitest';
import { fits, longestRecordingMs, nameRecording, reasonForNewRecording } from './recordingRules.ts';

const former = {
  mode: 'append',
  status: 'ready',
  trimmed: false,
  recordedMs: 3_600_000,
  ofThisBroadcast: false,
} as const;
const segmentMs = 2000;
const ask = (mode: 'append' | 'perSession', recording?: Parameters<typeof reasonForNewRecording>[1]) =>
  reasonForNewRecording(mode, recording, segmentMs, longestRecordingMs);

describe('the name of a recording', () => {
  it('is that of the live entry, with a number for each session', () => {
    expect(nameRecording('Morning show', 'perSession', 1)).toBe('Morning show 1');
    expect(nameRecording('Morning show', 'perSession', 12)).toBe('Morning show 12');
  });

  it('says that it is a recording where all go to one, and which when there is another', () => {
    expect(nameRecording('Morning show', 'append', 1)).toBe('Morning show (recording)');
    expect(nameRecording('Morning show', 'append', 2)).toBe('Morning show (recording 2)');
  });

  it('is never longer than a name may be', () => {
    expect(nameRecording('x'.repeat(200), 'perSession', 1234)).toBe(`${'x'.repeat(195)} 1234`);
  });
});

describe('where a broadcast is recorded', () => {
  it('is a new recording for each session', () => {
    expect(ask('perSession')).toBe('');
    expect(ask('perSession', { ...former, mode: 'perSession' })).toBe('');
    expect(ask('perSession', former)).toBe('');
    expect(ask('append', { ...former, mode: 'perSession', ofThisBroadcast: true })).toBe('');
  });

  it('is the same recording when a session goes on in its own', () => {
    const own = { ...former, mode: 'perSession', ofThisBroadcast: true } as const;
    expect(ask('perSession', own)).toBeUndefined();
    expect(ask('perSession', { ...own, trimmed: true })).toContain('trimmed');
  });

  it('is the same recording when it is appended to', () => {
    expect(ask('append', former)).toBeUndefined();
    expect(ask('append')).toBe('');
    expect(ask('append', { ...former, mode: 'perSession' })).toBe('');
  });

  it('is a new one when the one before was edited, failed or is full, and that is said', () => {
    expect(ask('append', { ...former, trimmed: true })).toContain('trimmed');
    expect(ask('append', { ...former, status: 'failed' })).toContain('cannot be continued');
    expect(ask('append', { ...former, recordedMs: longestRecordingMs - segmentMs })).toBeUndefined();
    expect(ask('append', { ...former, recordedMs: longestRecordingMs - segmentMs + 1 })).toContain('24 hours');
  });

  it('holds 24 hours and not a frame more', () => {
    expect(fits(longestRecordingMs - 2000, 2000, longestRecordingMs)).toBe(true);
    expect(fits(longestRecordingMs - 2000, 2001, longestRecordingMs)).toBe(false);
  });
});
