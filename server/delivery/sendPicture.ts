import { matchesEtag } from './etag.ts';
import type { Picture } from './entryPictures.ts';
import { cutOffWhenStalled, type Exchange } from './exchange.ts';
import type { GzippedBodies } from './gzippedBodies.ts';
import { playbackHeaders } from './playbackHeaders.ts';
import { sendManifest } from './sendManifest.ts';

export async function sendPicture(exchange: Exchange, picture: Picture, gzipped: GzippedBodies): Promise<void> {
  if (picture.contentType.startsWith('text/')) {
    await sendManifest(exchange, picture, gzipped);
    return;
  }
  const { request, response } = exchange;
  const { body, contentType, tag, maxAgeSeconds } = picture;
  const etag = `"${tag}"`;
  const headers = { ...playbackHeaders, 'Cache-Control': `public, max-age=${maxAgeSeconds}`, ETag: etag };
  if (response.destroyed) return;
  if (matchesEtag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  cutOffWhenStalled(exchange);
  response
    .writeHead(200, { ...headers, 'Content-Type': contentType, 'Content-Length': body.length })
    .end(request.method === 'HEAD' ? undefined : body);
}
