import type { sessionRoutes } from '../../shared/api/session.ts';
import { sessionLifetimeMs } from '../catalog/sessions.ts';
import type { Users } from '../catalog/users.ts';
import { isRefusal, reject, RefusedError } from '../errors.ts';
import type { HandlersOf } from './call.ts';
import { isCrossOrigin } from './sameOrigin.ts';
import { clearSessionCookie, setSessionCookie } from './sessionCookie.ts';
import { SignInThrottle } from './signInThrottle.ts';

/** `/session`: signing in and out. */
export function sessionHandlers(users: Users): HandlersOf<typeof sessionRoutes> {
  const throttle = new SignInThrottle();
  return {
    async signIn({ body, request, response }) {
      if (isCrossOrigin(request.headers)) reject('forbidden', 'Sign in from a page of this site.');
      const address = request.ip ?? '';
      const waitSeconds = await throttle.attempt(address, body.email);
      if (waitSeconds !== undefined) {
        response.set('Retry-After', String(waitSeconds));
        reject('tooManyRequests');
      }
      const signedIn = await users.signIn(body.email, body.password);
      if (isRefusal(signedIn)) throw new RefusedError(signedIn);
      await throttle.succeeded(address, body.email);
      setSessionCookie(request, response, signedIn.token, sessionLifetimeMs);
      return signedIn;
    },

    async currentSession({ caller }) {
      return { user: caller?.session.user ?? reject('unauthenticated') };
    },

    async signOut({ caller, request, response }) {
      if (caller) await users.signOut(caller.session);
      clearSessionCookie(request, response);
    },
  };
}
