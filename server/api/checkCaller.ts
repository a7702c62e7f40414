import type { Request } from 'express';
import { reject } from '../errors.ts';
import type { Caller } from './callers.ts';
import { isSameOrigin } from './sameOrigin.ts';

/** Refuses who has not signed in, and what another site's page made a browser send. */
export function checkCaller(caller: Caller | undefined, request: Request): Caller {
  if (!caller) reject('unauthenticated');
  const safe = request.method === 'GET' || request.method === 'HEAD';
  if (!safe && caller.via === 'cookie' && !isSameOrigin(request.headers))
    reject('forbidden', 'A page of another site sent this; use Authorization: Bearer from programs.');
  return caller;
}
