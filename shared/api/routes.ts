import { clipRoutes } from './clips.ts';
import { encoderFileRoutes, encoderRoutes } from './encoders.ts';
import { entryRoutes } from './entries.ts';
import { pictureRoutes } from './pictures.ts';
import { profileRoutes } from './profiles.ts';
import { sessionRoutes } from './session.ts';

/** Every call of the JSON API, by the name its callers use. */
export const apiRoutes = {
  ...sessionRoutes,
  ...entryRoutes,
  ...clipRoutes,
  ...encoderRoutes,
  ...pictureRoutes,
  ...profileRoutes,
};
export type ApiRoutes = typeof apiRoutes;
/** What the API offers for download. */
export const fileRoutes = encoderFileRoutes;
export type FileRoutes = typeof fileRoutes;
export const apiPrefix = '/api/v1';
