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

const momentSchema = z.object({ startMs: z.number(), endMs: z.number() });

/** A clip, and where its parts were in what they were cut of; empty where that is not known any more. */
export const clipSchema = videoEntrySchema.extend({
  parts: z.array(rangeSchema.extend({ entryId: entryIdSchema })),
});
export type Clip = z.infer<typeof clipSchema>;

/**
 * What can be cut of an entry now, on the scale of `inMs` and `outMs`: milliseconds from its first frame, as in the VOD form of its
 * manifests; on a live entry from the beginning of the broadcast, which stays where it is while the window moves.
 */
const mediaSpanSchema = momentSchema.extend({
  /** `endMs` grows. */
  live: z.boolean(),
  /** Unix ms of position 0. */
  epochMs: z.number(),
  /** 0 where it is not known, or there is no picture. */
  frameRate: z.number(),
  /** Where media are missing: no clip begins or ends there. */
  gaps: z.array(momentSchema),
  /** Without the Source flavor, nothing can be cut. */
  hasSource: z.boolean(),
});

/**
 * In and out are moved to the frame that is on the screen then; a time up to 1 ms before a frame is that frame. `outMs` is the
 * first moment that is not in it any more.
 */
export const clipRoutes = {
  getMediaSpan: {
    method: 'get',
    path: '/entries/:id/timeline',
    summary: 'What can be cut of an entry: where its media begin and end, where some are missing, its frame rate',
    tag,
    access: 'signedIn',
    params: idParams,
    response: mediaSpanSchema,
    status: 200,
  },
  listClips: {
    method: 'get',
    path: '/entries/:id/clips',
    summary: 'What was cut out of an entry, newest first',
    tag,
    access: 'signedIn',
    params: idParams,
    response: z.object({ items: z.array(clipSchema), total: z.number() }),
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
