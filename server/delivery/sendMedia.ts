import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { refuse } from '../errors.ts';
import { sendRefusal } from '../http.ts';
import { isMissingFile } from '../missingFile.ts';
import type { Media, UnfinishedMedia } from '../packaging/packager.ts';
import { parseRange } from './byteRange.ts';
import { matchesEtag } from './etag.ts';
import { cutOffWhenStalled, type Exchange } from './exchange.ts';
import { mediaCacheControl, playbackHeaders } from './playbackHeaders.ts';
import { sendUnfinishedMedia } from './sendUnfinishedMedia.ts';

/** Sends stored bytes, whole or the one range asked for. `etag` comes with its quotes; `more` goes on top of the usual headers. */
export async function sendMedia(
  exchange: Exchange,
  media: Media | UnfinishedMedia,
  etag: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  if ('following' in media) return await sendUnfinishedMedia(exchange, media);
  const { request, response } = exchange;
  const { length } = media.bytes;
  const headers: Record<string, string | number> = {
    ...playbackHeaders,
    'Accept-Ranges': 'bytes',
    'Cache-Control': media.maxAgeSeconds === undefined ? mediaCacheControl : `public, max-age=${media.maxAgeSeconds}`,
    ETag: etag,
    ...more,
  };
  if (matchesEtag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  headers['Content-Type'] = media.contentType;
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...headers, 'Content-Length': length }).end();
    return;
  }
  const range = rangeAskedFor(exchange, etag, length);
  if (range === 'unsatisfiable') {
    sendRefusal(response, refuse('rangeNotSatisfiable'), { ...playbackHeaders, 'Content-Range': `bytes */${length}` });
    return;
  }
  const stream = media.bytes.stream(range);
  if (!(await hasBegun(exchange, stream))) return;
  if (range) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${length}`;
  headers['Content-Length'] = range ? range.end - range.start + 1 : length;
  cutOffWhenStalled(exchange);
  response.writeHead(range ? 206 : 200, headers);
  try {
    await pipeline(stream, response);
  } catch (error) {
    // Most often a viewer who went away; a file that cannot be read to its end is the store's news.
    exchange.log.debug({ err: error, etag }, 'media cut off');
  }
}

/** RFC 9110 13.1.5: a range only of the very bytes the client has part of. */
function rangeAskedFor({ request }: Exchange, etag: string, length: number): ReturnType<typeof parseRange> {
  const ifRange = request.headers['if-range'];
  return ifRange === undefined || ifRange === etag ? parseRange(request.headers.range, length) : undefined;
}

/** Waits until there are bytes, so that a file evicted a moment ago is a 404 and not a broken answer. */
async function hasBegun({ response, log }: Exchange, stream: Readable): Promise<boolean> {
  const onGone = () => stream.destroy();
  response.once('close', onGone);
  try {
    await firstRead(stream);
  } catch (error) {
    stream.destroy();
    if (response.destroyed) return false;
    if (!isMissingFile(error)) log.warn({ err: error }, 'stored media cannot be read');
    sendRefusal(response, refuse(isMissingFile(error) ? 'segmentNotFound' : 'internal'), playbackHeaders);
    return false;
  } finally {
    response.off('close', onGone);
  }
  if (!response.destroyed) return true;
  stream.destroy();
  return false;
}

function firstRead(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('readable', resolve);
    stream.once('error', reject);
    stream.once('close', () => reject(new Error('closed before the first byte')));
  });
}
