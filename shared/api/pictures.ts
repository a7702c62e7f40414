import { z } from 'zod';
import { entryIdSchema, entrySchema } from '../model/entry.ts';
import type { ApiRoute } from './route.ts';

const idParams = z.object({ id: entryIdSchema });
const tag = 'Pictures';

/** Pictures themselves are at `/play/:id/…`; a poster is uploaded as the body of `POST /entries/:id/poster/upload`. */
export const pictureRoutes = {
  setPoster: {
    method: 'post',
    path: '/entries/:id/poster',
    summary: 'Show the frame at this position as the entry’s picture',
    tag,
    access: 'signedIn',
    params: idParams,
    body: z.strictObject({ atMs: z.number().min(0).max(1e12) }),
    response: entrySchema,
    status: 200,
  },
  deletePoster: {
    method: 'delete',
    path: '/entries/:id/poster',
    summary: 'Let the entry’s picture be chosen by itself again',
    tag,
    access: 'signedIn',
    params: idParams,
    response: entrySchema,
    status: 200,
  },
} as const satisfies Record<string, ApiRoute>;
