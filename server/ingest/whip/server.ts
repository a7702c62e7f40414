import type { IncomingMessage, ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressBlock } from '../../addressBlock.ts';
import { clientAddress } from '../../clientAddress.ts';
import { errorTable, isRefusal, refuse, type ErrorCode, type Refusal } from '../../errors.ts';
import { sendRefusal, type HttpHandler } from '../../http.ts';
import type { Closable } from '../../lifecycle.ts';
import type { Logger } from '../../log.ts';
import { parseIceFragment } from '../../sfu/sdp/iceFragment.ts';
import type { Sfu } from '../../sfu/sfu.ts';
import type { PublishGate, PublishRefusal } from '../publishGate.ts';
import { HeldResponses } from './heldResponses.ts';
import { openSession } from './openSession.ts';
import { readBody } from './requestBody.ts';
import type { WhipSession } from './session.ts';
import { parseWhipRequest, type WhipRequest } from './whipRequest.ts';

export interface WhipServerOptions {
  readonly sfu: Sfu;
  readonly gate: PublishGate;
  readonly log: Logger;
  /** Unix ms. */
  readonly now?: () => number;
}

/** WebRTC-HTTP ingestion (RFC 9725) for all paths below `/whip/`. */
export interface WhipServer extends Closable {
  readonly handler: HttpHandler;
}

const bodyLimits = { maximumBytes: 64 * 1024, timeoutMs: 10_000 };
/** What is posted by nobody's encoder; who is refused for a wrong key is slowed by the gate. */
const unreadablePostsPerMinute = 60;
const unreadable: readonly ErrorCode[] = [
  'badRequest',
  'malformedSdp',
  'notAcceptable',
  'payloadTooLarge',
  'unprocessableOffer',
  'unsupportedMediaType',
];
const endpointMethods = 'POST, GET, HEAD, OPTIONS';
const sessionMethods = 'PATCH, DELETE, GET, HEAD, OPTIONS';
const fragmentType = 'application/trickle-ice-sdpfrag';
const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Location, ETag, Link',
};

export function createWhipServer({ sfu, gate, log, now = Date.now }: WhipServerOptions): WhipServer {
  const sessions = new Map<string, WhipSession>();
  const posts = new RateLimiterMemory({ points: unreadablePostsPerMinute, duration: 60 });
  const held = new HeldResponses();
  const opening = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function answer(request: WhipRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = request;
    if (method === 'OPTIONS') return sendPreflight(request, response);
    if (request.sessionId === undefined) {
      if (method === 'GET' || method === 'HEAD') return sendEmpty(response, 204, { 'Accept-Post': 'application/sdp' });
      if (method === 'POST') return await post(request, incoming, response);
      return sendRefusal(response, refuse('methodNotAllowed'), { Allow: endpointMethods });
    }
    const session = sessions.get(request.sessionId);
    if (!session || session.entryId !== request.entryId) return sendRefusal(response, refuse('sessionNotFound'));
    if (method === 'GET' || method === 'HEAD') return sendEmpty(response, 204);
    if (method !== 'DELETE' && method !== 'PATCH')
      return sendRefusal(response, refuse('methodNotAllowed'), { Allow: sessionMethods });
    if (!session.accepts(request.token)) return sendRefused(response, refuse('invalidStreamToken'));
    if (method === 'PATCH') return await patch(session, incoming, response);
    await session.close('the publisher ended the session');
    return sendEmpty(response, 200);
  }

  async function post(request: WhipRequest, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const remoteAddress = clientAddress(incoming);
    const block = addressBlock(remoteAddress);
    const waitSeconds = await secondsToWait(posts, block);
    if (waitSeconds > 0)
      return sendRefusal(response, refuse('tooManyRequests'), { 'Retry-After': String(waitSeconds) });
    const session = await open(request, incoming, remoteAddress);
    // Only what could not be read counts.
    if (!isRefusal(session) || !unreadable.includes(session.refused)) await posts.reward(block);
    if (isRefusal(session)) {
      await held.hold(response, session);
      return sendRefused(response, session);
    }
    sessions.set(session.id, session);
    void session.ended.then(() => sessions.delete(session.id));
    if (closing) await session.close('the server is stopping');
    // Nobody has the session's address if the answer does not reach anyone.
    if (response.destroyed) return await session.close('the publisher left before the answer');
    response.writeHead(201, {
      'Content-Type': 'application/sdp',
      'Content-Length': Buffer.byteLength(session.answer),
      Location: session.path,
      ETag: session.etag,
      'Cache-Control': 'no-store',
    });
    response.end(session.answer);
  }

  async function open(
    { entryId, token, backup }: WhipRequest,
    incoming: IncomingMessage,
    remoteAddress: string,
  ): Promise<WhipSession | PublishRefusal> {
    if (mediaType(incoming) !== 'application/sdp') return refuse('unsupportedMediaType');
    const offer = await readBody(incoming, bodyLimits);
    if (typeof offer !== 'string') return offer;
    if (closing) return refuse('overloaded');
    return await openSession({ sfu, gate, log, now }, { entryId, token, backup, remoteAddress, offer });
  }

  return {
    handler(incoming, response) {
      if (!incoming.url?.startsWith('/whip/')) return false;
      for (const [name, value] of Object.entries(corsHeaders)) response.setHeader(name, value);
      const request = parseWhipRequest(incoming);
      if (!request) {
        sendRefusal(response, refuse('notFound'));
        return true;
      }
      const answered = answer(request, incoming, response).catch((error: unknown) => {
        log.error({ err: error }, 'WHIP request');
        sendRefusal(response, refuse('internal'));
      });
      opening.add(answered);
      void answered.finally(() => opening.delete(answered));
      return true;
    },
    close() {
      closing ??= (async () => {
        const open = () =>
          Promise.all([...sessions.values()].map((session) => session.close('the server is stopping')));
        await open();
        await Promise.race([Promise.all(opening), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
        await open();
      })();
      return closing;
    },
  };
}

/** Trickled candidates, which an ICE-lite agent has no use for, or an ICE restart (RFC 9725 4.3). */
async function patch(session: WhipSession, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  if (mediaType(incoming) !== fragmentType)
    return sendRefusal(response, refuse('unsupportedMediaType'), { 'Accept-Patch': fragmentType });
  const body = await readBody(incoming, bodyLimits);
  if (typeof body !== 'string') return sendRefused(response, body);
  const fragment = parseIceFragment(body);
  if (!fragment) return sendRefused(response, refuse('badRequest', 'The body is not a valid ICE fragment.'));
  const ifMatch = incoming.headers['if-match'];
  if (ifMatch !== undefined && ifMatch !== '*' && !ifMatch.split(',').some((tag) => tag.trim() === session.etag))
    return sendRefused(response, refuse('preconditionFailed'));
  if (!session.isRestart(fragment.credentials)) return sendEmpty(response, 204);
  if (ifMatch === undefined) return sendRefused(response, refuse('preconditionRequired'));
  const answer = await session.restartIce(fragment.credentials);
  response.writeHead(200, {
    'Content-Type': fragmentType,
    'Content-Length': Buffer.byteLength(answer),
    ETag: session.etag,
    'Cache-Control': 'no-store',
  });
  response.end(answer);
}

/** 0 when the request may go on. */
async function secondsToWait(limiter: RateLimiterMemory, address: string): Promise<number> {
  try {
    await limiter.consume(address);
    return 0;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
  }
}

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function sendRefused(response: ServerResponse, refusal: Refusal): void {
  const { status } = errorTable[refusal.refused];
  sendRefusal(response, refusal, {
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    ...(status === 415 ? { 'Accept-Post': 'application/sdp' } : {}),
    ...(status === 503 ? { 'Retry-After': '2' } : {}),
    // A body that was not read to its end must not be taken for the next request.
    ...(response.req.complete || response.req.httpVersionMajor > 1 ? {} : { Connection: 'close' }),
  });
}

function sendEmpty(response: ServerResponse, status: 200 | 204, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    ...headers,
    'Cache-Control': 'no-store',
    ...(status === 200 ? { 'Content-Length': 0 } : {}),
  });
  response.end();
}

function sendPreflight(request: WhipRequest, response: ServerResponse): void {
  const methods = request.sessionId === undefined ? endpointMethods : sessionMethods;
  response.writeHead(200, {
    Allow: methods,
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
    'Access-Control-Max-Age': '86400',
    ...(request.sessionId === undefined ? { 'Accept-Post': 'application/sdp' } : { 'Accept-Patch': fragmentType }),
    'Content-Length': 0,
  });
  response.end();
}
