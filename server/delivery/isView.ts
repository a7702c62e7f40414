import type { IncomingMessage } from 'node:http';

/** Search engines, link previews and monitors say who they are. */
const bots =
  /bot\b|crawl|spider|slurp|preview|facebookexternalhit|embedly|monitor|uptime|lighthouse|curl\/|wget\/|python-requests|go-http-client/i;

const studioPages = /^\/entries(?:\/|$)/;
const embedPages = /^\/embed\//;

/** Whether somebody watches, as far as a request for media can tell. */
export function isView({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && !bots.test(headers['user-agent'] ?? '') && !isStudio(headers);
}

/** The page that asks is one of the studio's, or a player in one (`?preview=1`): browsers say so for pages of the same origin. */
function isStudio({ referer, host, ':authority': authority }: IncomingMessage['headers']): boolean {
  const page = referer !== undefined && URL.canParse(referer) ? new URL(referer) : undefined;
  if (!page || page.host !== (host ?? authority)) return false;
  const isPreview = embedPages.test(page.pathname) && page.searchParams.get('preview') === '1';
  return studioPages.test(page.pathname) || isPreview;
}
