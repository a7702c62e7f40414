import { expect, it } from 'vitest';
import { textTrackChoices } from './shakaCaptions.ts';

it('lists text before what is inside the picture', () => {
  const inside = { label: null, language: 'en', mimeType: 'application/cea-608', originalTextId: 'CC1' };
  const choices = textTrackChoices([
    { id: 1, ...inside },
    { id: 2, ...inside, mimeType: 'application/cea-708', originalTextId: 'svc1', language: 'und' },
    { id: 3, label: 'Français', language: 'fr', mimeType: 'application/mp4', originalTextId: 't3' },
  ]);
  expect(choices).toEqual([
    { id: 0, label: 'Français' },
    { id: 1, label: 'English · CC1' },
    { id: 2, label: 'Service 1' },
  ]);
});
