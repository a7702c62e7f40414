import { entryRoutes } from './entries.ts';
import { profileRoutes } from './profiles.ts';
import { sessionRoutes } from './session.ts';

/** Every call of the JSON API, by the name its callers use. */
export const apiRoutes = { ...sessionRoutes, ...entryRoutes, ...profileRoutes };
export type ApiRoutes = typeof apiRoutes;
export const apiPrefix = '/api/v1';
