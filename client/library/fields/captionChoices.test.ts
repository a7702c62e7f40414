import { expect, it } from 'vitest';
import { captionChannels, newCaptionChannel } from './captionChoices.ts';

const row = (channel: string) => ({ channel, language: 'en', label: 'English' });

it('offers each channel to one row', () => {
  const rows = [row('CC1'), row('CC3')];
  expect(captionChannels(rows, 'CC3').map(({ value }) => value)).toEqual([
    'CC2',
    'CC3',
    'CC4',
    ...[1, 2, 3, 4, 5, 6].map((number) => `SERVICE${number}`),
  ]);
  expect(newCaptionChannel(rows)).toEqual({ channel: 'CC2', language: '', label: '' });
});

it('keeps a channel that only the API can set', () => {
  expect(captionChannels([row('SERVICE40')], 'SERVICE40')[0]).toEqual({ value: 'SERVICE40', label: 'SERVICE40' });
});

it('has no more rows than the API takes', () => {
  expect(newCaptionChannel(Array.from({ length: 8 }, (_, index) => row(`SERVICE${index + 10}`)))).toBeUndefined();
});
