import type { CaptionService, CaptionSettings } from '../../../shared/model/captions.ts';

export const captionModes = [
  { value: 'auto', label: 'Offer them once the source has some' },
  { value: 'on', label: 'Always offer those named below' },
  { value: 'off', label: 'Do not offer captions' },
] as const satisfies readonly { value: CaptionSettings['mode']; label: string }[];

/** Those that are in use; any other can be set through the API. */
const channels = [
  ...[1, 2, 3, 4].map((number) => ({ value: `CC${number}`, label: `CC${number} (608)` })),
  ...[1, 2, 3, 4, 5, 6].map((number) => ({ value: `SERVICE${number}`, label: `Service ${number} (708)` })),
];

/** What a row can be set to: its own channel, and those that no other row has. */
export function captionChannels(rows: readonly CaptionService[], own: string): { value: string; label: string }[] {
  const free = channels.filter(({ value }) => value === own || rows.every(({ channel }) => channel !== value));
  return free.some(({ value }) => value === own) ? free : [{ value: own, label: own }, ...free];
}

/** A row for the next channel; undefined where all have one. */
export function newCaptionChannel(rows: readonly CaptionService[]): CaptionService | undefined {
  const free = channels.find(({ value }) => rows.every(({ channel }) => channel !== value));
  return rows.length < 8 && free ? { channel: free.value, language: '', label: '' } : undefined;
}
