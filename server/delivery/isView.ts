import type { IncomingMessage } from 'node:http';

/** Search engines, link previews and monitors say who they are. */
const bots =
  /bot\b|crawl|spider|slurp|preview|facebookexternalhit|embedly|monitor|uptime|lighthouse|curl\/|wget\/|python-requests|go-http-client/i;

/** Whether somebody watches, as far as a request for media can tell. */
export function isView({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && !bots.test(headers['user-agent'] ?? '');
}
