import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser says that a page of this host sent the request. Browsers that know Sec-Fetch-Site send it over
 * HTTPS and to localhost; all send Origin with requests that change something. A proxy keeps the Host.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  return origin !== undefined && host !== undefined && hostOf(origin) === host.toLowerCase();
}

/** Whether a browser says that another site's page sent the request. */
export function isCrossOrigin(headers: IncomingHttpHeaders): boolean {
  return (headers['sec-fetch-site'] !== undefined || headers.origin !== undefined) && !isSameOrigin(headers);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
