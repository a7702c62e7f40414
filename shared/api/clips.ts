import { z } from 'zod';
import {
  entryDescriptionSchema,
  entryIdSchema,
  entryNameSchema,
  entryTagsSchema,
  videoEntrySchema,
} from '../model/entry.ts';
import type { ApiRoute } from './route.ts';

const idParams = z.object({ id: entryIdSchema });
const tag = 'Clips';

const positionSchema = z.number().min(0).max(1e12);
const rangeSchema = z.object({ inMs: positionSchema, outMs: positionSchema });
const aboutSchema = {
  name: entryNameSchema.optional(),
  description: entryDescriptionSchema.optional(),
  tags: entryTagsSchema.optional(),
};

/** `outMs` is the first moment that is not in it any more. */
export const clipRoutes = {
  listClips: {
    method: 'get',
    path: '/entries/:id/clips',
    summary: 'What was cut out of an entry, newest first',
    tag,
    access: 'signedIn',
    params: idParams,
    response: z.object({ items: z.array(videoEntrySchema), total: z.number() }),
    status: 200,
  },
  createClip: {
    method: 'post',
    path: '/entries/:id/clips',
    summary: 'Make a new entry of a part of an entry, or of several parts in any order',
    tag,
    access: 'signedIn',
    params: idParams,
    body: z.union([
      z.strictObject({ ...aboutSchema, ...rangeSchema.shape }),
      z.strictObject({
        ...aboutSchema,
        /** Of the entry in the address where a part names none. */
        parts: z
          .array(rangeSchema.extend({ entryId: entryIdSchema.optional() }))
          .min(1)
          .max(100),
      }),
    ]),
    response: videoEntrySchema,
    status: 201,
  },
  trimEntry: {
    method: 'post',
    path: '/entries/:id/trim',
    summary: 'Make a video begin and end elsewhere; the original is kept until it is discarded',
    tag,
    access: 'signedIn',
    params: idParams,
    body: rangeSchema.strict(),
    response: videoEntrySchema,
    status: 200,
  },
  undoTrim: {
    method: 'delete',
    path: '/entries/:id/trim',
    summary: 'Give a trimmed video its original back',
    tag,
    access: 'signedIn',
    params: idParams,
    response: videoEntrySchema,
    status: 200,
  },
  keepTrim: {
    method: 'post',
    path: '/entries/:id/trim/keep',
    summary: 'Discard the original of a trimmed video',
    tag,
    access: 'signedIn',
    params: idParams,
    response: videoEntrySchema,
    status: 200,
  },
} as const satisfies Record<string, ApiRoute>;
