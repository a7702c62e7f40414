import { z } from 'zod';
import { entryIdSchema, entrySchema } from '../model/entry.ts';
import type { ApiRoute } from './route.ts';

const idParams = z.object({ id: entryIdSchema });
const tag = 'Pictures';
/** No timeline is longer than a day or so. */
const positionSchema = z.number().int().min(0).max(1_000_000_000);
const positionQuerySchema = z.coerce.number().pipe(positionSchema);
const peaksOfPoints = z.array(z.int().min(-128).max(127).nullable());

export const posterImageTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const posterImageMaxBytes = 10_000_000;

export const pictureRoutes = {
  choosePoster: {
    method: 'put',
    path: '/entries/:id/poster',
    summary: 'Choose the picture of an entry: a frame of what it plays now, or a JPEG, PNG or WebP as the body',
    tag,
    access: 'signedIn',
    params: idParams,
    /** From the start of what the entry plays now. */
    body: z.object({ atMs: positionSchema }).strict(),
    upload: { mediaTypes: posterImageTypes, maxBytes: posterImageMaxBytes },
    response: entrySchema,
    status: 200,
  },
  resetPoster: {
    method: 'delete',
    path: '/entries/:id/poster',
    summary: 'Let the picture of an entry be chosen automatically again',
    tag,
    access: 'signedIn',
    params: idParams,
    response: entrySchema,
    status: 200,
  },
  getPeaks: {
    method: 'get',
    path: '/entries/:id/peaks',
    summary: 'The waveform of a stretch of what an entry plays now; ask again while it is not complete',
    tag,
    access: 'signedIn',
    params: idParams,
    query: z.object({
      fromMs: positionQuerySchema.default(0),
      /** The end of what there is when absent. */
      toMs: positionQuerySchema.optional(),
      points: z.coerce.number().int().min(1).max(4000).default(1000),
    }),
    response: z.object({
      fromMs: z.number(),
      toMs: z.number(),
      /** Of all that the entry plays now. */
      durationMs: z.number(),
      /** For each point the lowest and the highest sample; null where there is no sound, or none known yet. */
      min: peaksOfPoints,
      max: peaksOfPoints,
      complete: z.boolean(),
    }),
    status: 200,
  },
} as const satisfies Record<string, ApiRoute>;
