import type { Request, Response } from 'express';

/** `__Host-` binds the cookie to this host; browsers take it over HTTPS only. */
const secureName = '__Host-tallylight';
const plainName = 'tallylight';

/** The session's token in a Cookie header. */
export function readSessionCookie(header: string | undefined): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('=', 2));
  const values = new Map(pairs.map(([name = '', value = '']) => [name, value]));
  return values.get(secureName) || values.get(plainName) || undefined;
}

export function setSessionCookie(request: Request, response: Response, token: string, lifetimeMs: number): void {
  response.cookie(nameFor(request), token, { ...options(request), maxAge: lifetimeMs });
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(nameFor(request), options(request));
}

function nameFor(request: Request): string {
  return request.secure ? secureName : plainName;
}

function options(request: Request) {
  return { httpOnly: true, sameSite: 'lax', secure: request.secure, path: '/' } as const;
}
