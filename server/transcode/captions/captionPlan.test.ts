import { describe, expect, it } from 'vitest';
import { captionSettingsSchema, defaultCaptions } from '../../../shared/model/captions.ts';
import type { CaptionChannel } from '../../media/captions/captionChannel.ts';
import { planCaptions, type FoundCaptions } from './captionPlan.ts';

const nothing: FoundCaptions = { inside: new Set(), beside: new Set(), heard: new Set(), languages: [] };
const named = ({ services, tracks }: ReturnType<typeof planCaptions>) => ({
  services: services.map(({ channel, language, label }) => `${channel} ${language} ${label}`),
  tracks: tracks.map(({ id, language, label }) => `${id} ${language} ${label}`),
});

describe('what a period says of its captions', () => {
  it('is nothing until there are some', () => {
    expect(planCaptions(defaultCaptions, nothing)).toEqual({ services: [], tracks: [] });
  });

  it('is what was found, by the names it was given or those of its channels', () => {
    const found: FoundCaptions = { ...nothing, inside: new Set(['SERVICE1', 'CC3', 'CC1', 'SERVICE2']) };
    expect(named(planCaptions(defaultCaptions, found))).toEqual({
      services: ['CC1 en English', 'CC3 und CC3', 'SERVICE1 en English 2', 'SERVICE2 und Service 2'],
      tracks: ['t1 en English', 't3 und CC3'],
    });
  });

  it('has text of digital services that no channel of line 21 has the words of', () => {
    const tracks = (inside: CaptionChannel[], heard: CaptionChannel[] = []) =>
      named(planCaptions(defaultCaptions, { ...nothing, inside: new Set(inside), heard: new Set(heard) })).tracks;
    expect(tracks(['SERVICE1'])).toEqual(['t9 en English']);
    expect(tracks(['SERVICE63', 'SERVICE2'])).toEqual(['t10 und Service 2', 't71 und Service 63']);
    expect(tracks(['CC1', 'SERVICE1', 'SERVICE4'])).toEqual(['t1 en English', 't12 und Service 4']);
    expect(tracks(['CC1', 'CC3', 'SERVICE2', 'SERVICE3'])).toEqual([
      't1 en English',
      't3 und CC3',
      't10 und Service 2',
    ]);
    // Line 21 is padded, and says nothing.
    expect(tracks(['CC1', 'SERVICE1'], ['SERVICE1'])).toEqual(['t9 en English']);
    expect(tracks(['CC1', 'SERVICE1'], ['SERVICE1', 'CC1'])).toEqual(['t1 en English']);
  });

  it('does not let what came beside the picture stand for what is inside', () => {
    const beside: CaptionChannel[] = ['CC1', 'SERVICE1'];
    const tracks = (inside: CaptionChannel[]) =>
      planCaptions(defaultCaptions, { ...nothing, inside: new Set(inside), beside: new Set(beside) }).tracks;
    expect(tracks([]).map(({ id }) => id)).toEqual(['t1']);
    expect(tracks(['SERVICE1']).map(({ id }) => id)).toEqual(['t1', 't9']);
  });

  it('is what the producer says from the beginning, or never', () => {
    const channels = [{ channel: 'CC2', language: 'es', label: 'Español' }];
    expect(named(planCaptions({ mode: 'on', channels }, nothing))).toEqual({
      services: ['CC2 es Español'],
      tracks: ['t2 es Español'],
    });
    const found: FoundCaptions = { ...nothing, inside: new Set(['CC2']), beside: new Set(['CC1']), languages: ['en'] };
    expect(planCaptions({ mode: 'off', channels }, found)).toEqual({ services: [], tracks: [] });
  });

  it('has text of what came beside the picture, and does not call it inside', () => {
    const found: FoundCaptions = { ...nothing, beside: new Set(['CC1']), languages: ['en', 'pt-BR', 'und'] };
    expect(named(planCaptions(defaultCaptions, found))).toEqual({
      services: [],
      tracks: ['t1 en English', 't5 en English 2', 't6 pt-BR Brazilian Portuguese', 't7 und Captions'],
    });
  });
});

it('settings are refused that no manifest could carry', () => {
  const withService = (service: object) =>
    captionSettingsSchema.safeParse({
      mode: 'auto',
      channels: [{ channel: 'CC1', language: 'en', label: 'English', ...service }],
    }).success;
  expect(withService({})).toBe(true);
  expect(withService({ channel: 'SERVICE63', language: 'zh-Hant-TW', label: '中文' })).toBe(true);
  for (const wrong of [
    { channel: 'CC5' },
    { channel: 'SERVICE64' },
    { language: 'english please' },
    { language: '' },
    { label: ' ' },
    { label: 'a"b' },
    { label: 'a\nb' },
    { label: 'x'.repeat(61) },
  ]) {
    expect({ wrong, accepted: withService(wrong) }).toEqual({ wrong, accepted: false });
  }
  const [channel] = defaultCaptions.channels;
  expect(captionSettingsSchema.safeParse({ mode: 'on', channels: [channel, channel] }).success).toBe(false);
});
