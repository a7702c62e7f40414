import { z } from 'zod';
import {
  entryDescriptionSchema,
  entryIdSchema,
  entryNameSchema,
  entryTagsSchema,
  videoEntrySchema,
} from '../model/entry.ts';
import { paging } from './paging.ts';
import type { ApiRoute } from './route.ts';

const idParams = z.object({ id: entryIdSchema });
const tag = 'Clips';

const positionSchema = z.number().min(0).max(1e12);
const rangeSchema = z.object({ inMs: positionSchema, outMs: positionSchema });
const clockSchema = z.number().min(0).max(1e15);
/** In and out as they are asked for; the end is told by `outMs` or by `lastMs`. */
const cutShape = {
  inMs: positionSchema,
  outMs: positionSchema.optional(),
  lastMs: positionSchema.optional(),
  epochMs: clockSchema.optional(),
};
const hasOneEnd = ({ outMs, lastMs }: { outMs?: number | undefined; lastMs?: number | undefined }) =>
  (outMs === undefined) !== (lastMs === undefined);
const oneEnd = { error: 'Either outMs or lastMs is needed.', path: ['outMs'] };
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
  /**
   * Where the pauses between broadcasts are left out, each broadcast is a part with a clock of its own: what is at a position was
   * on air at the part's `epochMs` + position. In their order, at least one.
   */
  parts: z.array(z.object({ startMs: z.number(), epochMs: z.number() })),
  hasPicture: z.boolean(),
  /** 0 where there is no picture. Where nothing that was received says so, as measured. */
  frameRate: z.number(),
  /** Where media are missing: no clip begins or ends there. */
  gaps: z.array(momentSchema),
  /** Without the Source flavor, nothing can be cut. */
  hasSource: z.boolean(),
});

/**
 * In and out are moved to the frame that is on the screen then; a time up to 1 ms before a frame is that frame. `outMs` is the
 * first moment that is not in it any more; `lastMs` in its place says when the last frame is on the screen, however long that
 * lasts. With `epochMs`, that of the part of the span where `inMs` is, the media are those that were there when it was read: the
 * clip is refused when they are not there any more, and made of the same ones where they are counted from elsewhere now.
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
    query: z.object(paging(200)),
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
      z.strictObject({ ...aboutSchema, ...cutShape }).refine(hasOneEnd, oneEnd),
      z.strictObject({
        ...aboutSchema,
        /** Of the entry in the address where a part names none. */
        parts: z
          .array(z.strictObject({ ...cutShape, entryId: entryIdSchema.optional() }).refine(hasOneEnd, oneEnd))
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
    body: z.strictObject(cutShape).refine(hasOneEnd, oneEnd),
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
