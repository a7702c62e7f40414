import { z } from 'zod';
import { captionSettingsSchema, defaultCaptions } from '../model/captions.ts';
import {
  broadcastSchema,
  dvrSchema,
  entryDescriptionSchema,
  entryIdSchema,
  entryNameSchema,
  entrySchema,
  entryTagsSchema,
  manualUrlsSchema,
  recordingSchema,
  retentionDaysSchema,
  videoEntrySchema,
  videoOriginSchema,
} from '../model/entry.ts';
import { entryStateSchema } from '../model/state.ts';
import { paging } from './paging.ts';
import type { ApiRoute } from './route.ts';

const createLiveEntrySchema = z.object({
  type: z.literal('live'),
  name: entryNameSchema,
  description: entryDescriptionSchema.default(''),
  tags: entryTagsSchema.default([]),
  /** The default profile when absent. */
  profileId: z.string().optional(),
  dvr: dvrSchema
    .extend({ windowMinutes: dvrSchema.shape.windowMinutes.default(120) })
    .default({ enabled: true, windowMinutes: 120 }),
  recording: recordingSchema.default('off'),
  captions: captionSettingsSchema.default(defaultCaptions),
  retentionDays: retentionDaysSchema.default(null),
});

const createManualEntrySchema = z.object({
  type: z.literal('manual'),
  name: entryNameSchema,
  description: entryDescriptionSchema.default(''),
  tags: entryTagsSchema.default([]),
  urls: manualUrlsSchema,
});

const updateEntrySchema = z
  .object({
    name: entryNameSchema,
    description: entryDescriptionSchema,
    tags: entryTagsSchema,
    profileId: z.string(),
    dvr: dvrSchema,
    recording: recordingSchema,
    captions: captionSettingsSchema,
    retentionDays: retentionDaysSchema,
    urls: manualUrlsSchema,
  })
  .partial()
  .strict();

/** When the new ones end: a time to come, or null (or nothing) for never. */
const renewCredentialsSchema = z
  .object({
    expiresAt: z.iso
      .datetime({ offset: true, error: 'A time is written as in 2030-12-31T18:00:00Z.' })
      .refine((time) => Date.parse(time) > Date.now(), 'This time is over already.')
      .nullable()
      .default(null),
  })
  .strict()
  .optional();

const idParams = z.object({ id: entryIdSchema });
const tag = 'Entries';

/** A rendition viewers can choose now (or could, in the last broadcast). */
export const flavorAssetSchema = z.object({
  id: z.string(),
  kind: z.enum(['video', 'audio']),
  codec: z.string(),
  bitrateBps: z.number(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  frameRate: z.number().nullable(),
  /** As a file, a picture with the sound; null while the entry is on air. The size is a little less than that of the file. */
  download: z.object({ url: z.string(), sizeBytes: z.number() }).nullable(),
});

export const entryRoutes = {
  createEntry: {
    method: 'post',
    path: '/entries',
    summary: 'Create a live entry, or a manual one that points at streams served elsewhere',
    tag,
    access: 'signedIn',
    body: z.discriminatedUnion('type', [createLiveEntrySchema, createManualEntrySchema]),
    response: entrySchema,
    status: 201,
  },
  listEntries: {
    method: 'get',
    path: '/entries',
    summary: 'Search, filter, sort and page through entries',
    tag,
    access: 'signedIn',
    query: z.object({
      /** In name, description, tags and id. */
      search: z.string().max(200).optional(),
      type: z.enum(['live', 'manual', 'video']).optional(),
      /** Videos of this origin only. */
      origin: videoOriginSchema.optional(),
      /** Only what was made of this entry. */
      sourceId: entryIdSchema.optional(),
      state: entryStateSchema.optional(),
      /** A leading minus sorts downwards. */
      sort: z.enum(['name', '-name', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt']).default('-createdAt'),
      ...paging(25),
    }),
    response: z.object({ items: z.array(entrySchema), total: z.number() }),
    status: 200,
  },
  getEntry: {
    method: 'get',
    path: '/entries/:id',
    summary: 'One entry; ingest settings only for those who may publish to it',
    tag,
    access: 'public',
    params: idParams,
    response: entrySchema,
    status: 200,
  },
  updateEntry: {
    method: 'patch',
    path: '/entries/:id',
    summary:
      'Change an entry; what shapes the media (profile, DVR, recording, captions) cannot change while it is broadcasting',
    tag,
    access: 'signedIn',
    params: idParams,
    body: updateEntrySchema,
    response: entrySchema,
    status: 200,
  },
  deleteEntry: {
    method: 'delete',
    path: '/entries/:id',
    summary: 'Delete an entry and its media, ending its broadcast; what was recorded or cut of it stays',
    tag,
    access: 'signedIn',
    params: idParams,
    status: 204,
  },
  renewCredentials: {
    method: 'post',
    path: '/entries/:id/credentials',
    summary: 'New stream credentials, for ever or until a time; the old ones stop working for new connections at once',
    tag,
    access: 'signedIn',
    params: idParams,
    body: renewCredentialsSchema,
    response: entrySchema,
    status: 200,
  },
  endBroadcast: {
    method: 'post',
    path: '/entries/:id/end',
    summary: 'End the running broadcast now, without waiting for the reconnect window',
    tag,
    access: 'signedIn',
    params: idParams,
    response: entrySchema,
    status: 200,
  },
  listBroadcasts: {
    method: 'get',
    path: '/entries/:id/broadcasts',
    summary: 'Broadcasts of an entry, newest first',
    tag,
    access: 'signedIn',
    params: idParams,
    response: z.object({ items: z.array(broadcastSchema), total: z.number() }),
    status: 200,
  },
  listViewers: {
    method: 'get',
    path: '/entries/:id/broadcasts/:broadcast/viewers',
    summary: 'How many watched a broadcast at once, minute by minute, oldest first',
    tag,
    access: 'signedIn',
    params: idParams.extend({ broadcast: z.string().max(60) }),
    response: z.object({ items: z.array(z.object({ at: z.iso.datetime(), viewers: z.number() })), total: z.number() }),
    status: 200,
  },
  listRecordings: {
    method: 'get',
    path: '/entries/:id/recordings',
    summary: 'What was recorded of a live entry, newest first',
    tag,
    access: 'signedIn',
    params: idParams,
    query: z.object(paging(200)),
    response: z.object({ items: z.array(videoEntrySchema), total: z.number() }),
    status: 200,
  },
  listFlavors: {
    method: 'get',
    path: '/entries/:id/flavors',
    summary: 'Renditions of a video, or of the current or last broadcast',
    tag,
    access: 'signedIn',
    params: idParams,
    response: z.object({ items: z.array(flavorAssetSchema), total: z.number() }),
    status: 200,
  },
} as const satisfies Record<string, ApiRoute>;
