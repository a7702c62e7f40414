import { pipeline } from 'node:stream/promises';
import type { UnfinishedMedia } from '../packaging/packager.ts';
import { cutOffWhenStalled, type Exchange } from './exchange.ts';
import { mediaCacheControl, playbackHeaders } from './playbackHeaders.ts';

/**
 * Sends media as it comes, whole, whatever range was asked for. It has neither length nor tag, so that what is cut off
 * can only end in an error and is not taken for the whole, nor put together with other bytes, by any cache.
 */
export async function sendUnfinishedMedia(exchange: Exchange, media: UnfinishedMedia): Promise<void> {
  const { request, response, log } = exchange;
  const { following, contentType } = media;
  const headers = {
    ...playbackHeaders,
    'Cache-Control': mediaCacheControl,
    'Content-Type': contentType,
    // nginx would hold it back until it has enough.
    'X-Accel-Buffering': 'no',
  };
  if (request.method === 'HEAD') {
    following.destroy();
    response.writeHead(200, headers).end();
    return;
  }
  // A body of HTTP/1.0 ends with the connection: only a reset tells that it is not all.
  if (request.httpVersion === '1.0') following.once('error', () => request.socket.resetAndDestroy());
  cutOffWhenStalled(exchange);
  response.writeHead(200, headers);
  try {
    await pipeline(following, response);
  } catch (error) {
    log.debug({ err: error }, 'media cut off');
  }
}
