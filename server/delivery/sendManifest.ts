import type { Manifest } from '../packaging/packager.ts';
import { acceptsGzip } from './acceptsGzip.ts';
import { matchesEtag } from './etag.ts';
import { cutOffWhenStalled, type Exchange } from './exchange.ts';
import type { GzippedBodies } from './gzippedBodies.ts';
import { playbackHeaders } from './playbackHeaders.ts';

/** Below this a packet holds it as it is. */
const smallestGzippedBytes = 1400;

/** A manifest, or other text; `cacheControl` where its age alone does not say it. */
export async function sendManifest(
  exchange: Exchange,
  manifest: Manifest,
  gzipped: GzippedBodies,
  cacheControl = `public, max-age=${manifest.maxAgeSeconds}`,
): Promise<void> {
  const { request, response } = exchange;
  const { body: plain, contentType, tag } = manifest;
  const gzip = plain.length >= smallestGzippedBytes && acceptsGzip(request.headers['accept-encoding']);
  const etag = `"${tag}${gzip ? '-gz' : ''}"`;
  const headers: Record<string, string | number> = {
    ...playbackHeaders,
    'Cache-Control': cacheControl,
    ETag: etag,
    Vary: 'Accept-Encoding',
  };
  if (matchesEtag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const body = gzip ? await gzipped.of(plain) : plain;
  if (response.destroyed) return;
  headers['Content-Type'] = contentType;
  headers['Content-Length'] = body.length;
  if (gzip) headers['Content-Encoding'] = 'gzip';
  cutOffWhenStalled(exchange);
  response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
}
