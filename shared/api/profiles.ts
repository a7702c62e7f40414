import { z } from 'zod';
import { profileSchema } from '../model/profile.ts';
import type { ApiRoute } from './route.ts';

const idParams = z.object({ id: z.string().min(1).max(60) });
const tag = 'Transcoding profiles';
const writable = profileSchema.omit({ id: true, builtIn: true });

export const profileRoutes = {
  listProfiles: {
    method: 'get',
    path: '/profiles',
    summary: 'Transcoding profiles, built-in ones first',
    tag,
    access: 'signedIn',
    response: z.object({ items: z.array(profileSchema), total: z.number() }),
    status: 200,
  },
  getProfile: {
    method: 'get',
    path: '/profiles/:id',
    summary: 'One profile',
    tag,
    access: 'signedIn',
    params: idParams,
    response: profileSchema,
    status: 200,
  },
  createProfile: {
    method: 'post',
    path: '/profiles',
    summary: 'Create a profile',
    tag,
    access: 'signedIn',
    body: writable.extend({
      description: writable.shape.description.default(''),
      isDefault: z.boolean().default(false),
      keepsSource: z.boolean().default(true),
      audioBitrateKbps: writable.shape.audioBitrateKbps.default(128),
    }),
    response: profileSchema,
    status: 201,
  },
  updateProfile: {
    method: 'patch',
    path: '/profiles/:id',
    summary: 'Change a profile; broadcasts that are running keep the old one',
    tag,
    access: 'signedIn',
    params: idParams,
    body: writable.partial().strict(),
    response: profileSchema,
    status: 200,
  },
  deleteProfile: {
    method: 'delete',
    path: '/profiles/:id',
    summary: 'Delete a profile that no entry uses',
    tag,
    access: 'signedIn',
    params: idParams,
    status: 204,
  },
} as const satisfies Record<string, ApiRoute>;
