import { describe, expect, it } from 'vitest';
import {
  changedValues,
  emptyLiveValues,
  emptyManualValues,
  filledUrls,
  liveValuesSchema,
  manualValuesSchema,
} from './entryValues.ts';

const messages = (result: { error?: { issues: { path: PropertyKey[]; message: string }[] } }) =>
  result.error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? [];

describe('a live entry’s form', () => {
  it('asks for a name of five characters, not counting blanks around it', () => {
    const check = (name: string) => liveValuesSchema.safeParse({ ...emptyLiveValues, profileId: 'p', name });
    expect(messages(check('  four  '))).toEqual([['name', 'The name needs at least 5 characters.']]);
    expect(check('seven s').success).toBe(true);
  });

  it('refuses an empty or too long DVR window with a sentence', () => {
    const check = (windowMinutes: unknown) =>
      messages(
        liveValuesSchema.safeParse({
          ...emptyLiveValues,
          name: 'Morning',
          profileId: 'p',
          dvr: { enabled: true, windowMinutes },
        }),
      );
    expect(check('')).toEqual([['dvr.windowMinutes', 'Give a whole number of minutes.']]);
    expect(check(121)).toEqual([['dvr.windowMinutes', 'At most 120 minutes.']]);
    expect(check(120)).toEqual([]);
  });

  it('sends only what was changed', () => {
    const after = { ...emptyLiveValues, name: 'New name', dvr: { enabled: true, windowMinutes: 120 } };
    expect(changedValues(emptyLiveValues, after)).toEqual({ name: 'New name' });
    expect(changedValues(emptyLiveValues, { ...after, name: '' })).toEqual({});
  });
});

describe('a manual entry’s form', () => {
  it('wants one complete address and sends no empty ones', () => {
    const values = { ...emptyManualValues, name: 'Elsewhere' };
    expect(messages(manualValuesSchema.safeParse(values))).toEqual([['urls.hls', 'Give at least one address.']]);
    const urls = { ...values.urls, dash: ' https://cdn.example/live.mpd ' };
    expect(manualValuesSchema.safeParse({ ...values, urls }).success).toBe(true);
    expect(filledUrls(urls)).toEqual({ dash: 'https://cdn.example/live.mpd' });
    const broken = manualValuesSchema.safeParse({ ...values, urls: { ...urls, hls: 'cdn.example/x' } });
    expect(messages(broken)).toEqual([['urls.hls', 'Give a complete address: https://…']]);
  });
});
