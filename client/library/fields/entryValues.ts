import { z } from 'zod';
import {
  entryDescriptionSchema,
  entryNameSchema,
  entryTagsSchema,
  recordingSchema,
  retentionDaysSchema,
  type Entry,
} from '../../../shared/model/entry.ts';
import { captionSettingsSchema, defaultCaptions } from '../../../shared/model/captions.ts';
import type { EntryChange, NewEntry } from '../../api/entryQueries.ts';

const aboutShape = { name: entryNameSchema, description: entryDescriptionSchema, tags: entryTagsSchema };

/** What the forms of a live entry hold while they are filled in. */
export const liveValuesSchema = z.object({
  ...aboutShape,
  profileId: z.string().min(1, 'Choose a profile.'),
  dvr: z.object({
    enabled: z.boolean(),
    windowMinutes: z
      .int('Give a whole number of minutes.')
      .min(1, 'At least one minute.')
      .max(120, 'At most 120 minutes.'),
  }),
  recording: recordingSchema,
  captions: captionSettingsSchema,
  retentionDays: retentionDaysSchema,
});
export type LiveValues = z.infer<typeof liveValuesSchema>;

export const videoValuesSchema = z.object({ ...aboutShape, retentionDays: retentionDaysSchema });
export type VideoValues = z.infer<typeof videoValuesSchema>;

const address = z
  .string()
  .trim()
  .refine((text) => text === '' || /^https?:\/\/[^/\s]/.test(text), 'Give a complete address: https://…');

export const manualValuesSchema = z
  .object({ ...aboutShape, urls: z.object({ hls: address, dash: address, hds: address, mss: address }) })
  .refine(({ urls }) => Object.values(urls).some(Boolean), {
    path: ['urls', 'hls'],
    message: 'Give at least one address.',
  });
export type ManualValues = z.infer<typeof manualValuesSchema>;

export const emptyLiveValues: LiveValues = {
  name: '',
  description: '',
  tags: [],
  profileId: '',
  dvr: { enabled: true, windowMinutes: 120 },
  recording: 'off',
  captions: defaultCaptions,
  retentionDays: null,
};

export const emptyManualValues: ManualValues = {
  name: '',
  description: '',
  tags: [],
  urls: { hls: '', dash: '', hds: '', mss: '' },
};

export function liveValuesOf(entry: Entry & { type: 'live' }): LiveValues {
  const { name, description, tags, profileId, dvr, recording, captions, retentionDays } = entry;
  return { name, description, tags, profileId, dvr, recording, captions, retentionDays };
}

export function videoValuesOf(entry: Entry & { type: 'video' }): VideoValues {
  const { name, description, tags, retentionDays } = entry;
  return { name, description, tags, retentionDays };
}

export function manualValuesOf(entry: Entry & { type: 'manual' }): ManualValues {
  const { name, description, tags, urls } = entry;
  return { name, description, tags, urls: { ...emptyManualValues.urls, ...urls } };
}

/** Addresses that were left empty are not sent. */
export function filledUrls(urls: ManualValues['urls']): Extract<NewEntry, { type: 'manual' }>['urls'] {
  return Object.fromEntries(
    Object.entries(urls).flatMap(([format, url]) => (url.trim() ? [[format, url.trim()]] : [])),
  );
}

/** Only what differs: a name can be changed on air, what shapes the media cannot, and must then not be sent. */
export function changedValues<Values extends LiveValues | VideoValues>(before: Values, after: Values): EntryChange {
  const changed = (Object.keys(after) as (keyof Values)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, after[key]]));
}
