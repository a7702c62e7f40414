import { z } from 'zod';
import { userSchema } from '../model/user.ts';
import type { ApiRoute } from './route.ts';

export const sessionRoutes = {
  signIn: {
    method: 'post',
    path: '/session',
    summary: 'Sign in: sets the session cookie and answers a token for Authorization: Bearer',
    tag: 'Session',
    access: 'public',
    body: z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(256) }),
    response: z.object({ token: z.string(), user: userSchema }),
    status: 200,
  },
  currentSession: {
    method: 'get',
    path: '/session',
    summary: 'Who is signed in',
    tag: 'Session',
    access: 'signedIn',
    response: z.object({ user: userSchema }),
    status: 200,
  },
  signOut: { method: 'delete', path: '/session', summary: 'Sign out', tag: 'Session', access: 'signedIn', status: 204 },
} as const satisfies Record<string, ApiRoute>;
