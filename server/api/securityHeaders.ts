import type { RequestHandler } from 'express';
import helmet from 'helmet';

const camera = 'camera=(self), microphone=(self), display-capture=(self), geolocation=()';

/**
 * Headers for pages and API. Media may come from anywhere, since manual entries point at other servers. HTTPS is
 * neither forced nor remembered by browsers: whether there is any is the installation's choice.
 */
export function securityHeaders(
  frameAncestors: 'self' | 'anyone',
  scriptHashes: readonly string[] = [],
): RequestHandler {
  const anyone = frameAncestors === 'anyone';
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'", 'blob:', 'data:', 'http:', 'https:', 'ws:', 'wss:'],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: [anyone ? '*' : "'self'"],
        imgSrc: ["'self'", 'blob:', 'data:', 'http:', 'https:'],
        mediaSrc: ["'self'", 'blob:', 'data:', 'http:', 'https:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'", ...scriptHashes],
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
      },
    },
    crossOriginResourcePolicy: { policy: anyone ? 'cross-origin' : 'same-origin' },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    strictTransportSecurity: false,
    xFrameOptions: anyone ? false : { action: 'sameorigin' },
  });
  return (request, response, next) => {
    response.set('Permissions-Policy', camera);
    if (anyone) response.removeHeader('X-Frame-Options');
    secure(request, response, next);
  };
}
