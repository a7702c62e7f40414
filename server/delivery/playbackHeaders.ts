/** On every answer below `/play/`: any page may play, and may measure how it goes. */
export const playbackHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Content-Length, Content-Range, Date, ETag',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Timing-Allow-Origin': '*',
  'X-Content-Type-Options': 'nosniff',
} as const;

export const allowedMethods = 'GET, HEAD, OPTIONS';

/** The answer to a preflight. */
export const preflightHeaders = {
  ...playbackHeaders,
  'Access-Control-Allow-Methods': allowedMethods,
  'Access-Control-Allow-Headers': 'Range, If-Range, If-None-Match, If-Modified-Since',
  'Access-Control-Max-Age': '86400',
} as const;

/** Media never changes at its address, so caches keep it for a day. */
export const mediaCacheControl = 'public, max-age=86400, immutable';
