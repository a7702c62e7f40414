import { expect, it } from 'vitest';
import { channelLabel, languageName } from './captionLabel.ts';

it('tells captions inside the picture from text of the same name', () => {
  expect(channelLabel('English', 'CC1')).toBe('English · CC1');
  expect(channelLabel('CC3', 'CC3')).toBe('CC3');
  expect(channelLabel('', 'Service 2')).toBe('Service 2');
});

it('names languages as people do', () => {
  expect(['en', 'fr-CA', 'eng', 'und', '', 'x'].map(languageName)).toEqual([
    'English',
    'Canadian French',
    'English',
    '',
    '',
    'x',
  ]);
});
