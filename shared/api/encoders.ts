import { z } from 'zod';
import { encoderSettingsSchema } from '../model/encoderSettings.ts';
import { entryIdSchema } from '../model/entry.ts';
import { ingestEventSchema, ingestSourceSchema } from '../model/ingestSource.ts';
import type { ApiRoute, FileRoute } from './route.ts';

const idParams = z.object({ id: entryIdSchema });
const tag = 'Encoders';

export const encoderRoutes = {
  listEncoderSettings: {
    method: 'get',
    path: '/entries/:id/encoder-settings',
    summary: 'How to set up each encoder for an entry, with its credentials; only for those who may publish to it',
    tag,
    access: 'signedIn',
    params: idParams,
    response: z.object({ items: z.array(encoderSettingsSchema), total: z.number() }),
    status: 200,
  },
  getIngest: {
    method: 'get',
    path: '/entries/:id/ingest',
    summary: 'Who publishes to an entry now, and what happened to its ingest since the server started, oldest first',
    tag,
    access: 'signedIn',
    params: idParams,
    response: z.object({ sources: z.array(ingestSourceSchema), events: z.array(ingestEventSchema) }),
    status: 200,
  },
} as const satisfies Record<string, ApiRoute>;

export const encoderFileRoutes = {
  exportFmle: {
    method: 'get',
    path: '/entries/:id/fmle.xml',
    summary: 'The profile for Flash Media Live Encoder, as export_<id>.xml',
    tag,
    access: 'signedIn',
    params: idParams,
    query: z.object({
      /** Only this stream, by its literal name `<id>_<n>`; all of them, as `<id>_%i`, when absent. */
      stream: z.coerce.number().int().min(1).max(3).optional(),
      /** Flash Media Live Encoder on Windows has AAC only with a plug-in. */
      audio: z.enum(['mp3', 'aac']).default('mp3'),
    }),
    mediaType: 'text/xml',
    status: 200,
  },
} as const satisfies Record<string, FileRoute>;
