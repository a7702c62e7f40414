import type { IncomingHttpHeaders } from 'node:http';
import type { Session, Users } from '../catalog/users.ts';
import { readSessionCookie } from './sessionCookie.ts';

/** Who makes a call, and by which means a browser could have been made to send it unasked. */
export interface Caller {
  readonly session: Session;
  readonly via: 'cookie' | 'bearer';
}

/** Undefined for callers who have not signed in. An Authorization header overrides the cookie. */
export async function identifyCaller(users: Users, headers: IncomingHttpHeaders): Promise<Caller | undefined> {
  const { authorization } = headers;
  const via = authorization === undefined ? 'cookie' : 'bearer';
  const token = authorization === undefined ? readSessionCookie(headers.cookie) : bearerToken(authorization);
  if (!token) return undefined;
  const session = await users.authenticate(token);
  return session && { session, via };
}

/** RFC 6750 2.1 */
function bearerToken(authorization: string): string | undefined {
  return /^Bearer +([\w\-.~+/]+=*)$/i.exec(authorization.trim())?.[1];
}

/** How others see who made something. */
export function nameOf({ session: { user } }: Caller): string {
  return user.name || user.email;
}
