import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { errorTable, isRefusal } from '../../errors.ts';
import { mutatedOffers, offerNames, testOffer } from '../../sfu/sdp/testOffers.fixture.ts';
import { openSession } from './openSession.ts';
import {
  entryId,
  expiredToken,
  guessedToken,
  heldMs,
  startWhip,
  token,
  type WhipHarness,
} from './whipHarness.fixture.ts';

let whip: WhipHarness;
const bearer = { Authorization: `Bearer ${token}` };
const sdp = { 'Content-Type': 'application/sdp', ...bearer };
const fragmentType: Record<string, string> = { 'Content-Type': 'application/trickle-ice-sdpfrag' };
const fragment = (ufrag: string) =>
  `a=ice-ufrag:${ufrag}\r\na=ice-pwd:u3mKRhHXRcZwUTZ4oJXGZl\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\n`;
/** The credentials of the offer that sessions are opened with. */
const offeredUfrag = 'XoLD';

beforeAll(async () => {
  whip = await startWhip();
});
afterAll(() => whip.close());

const endpoint = () => `${whip.url}/whip/${entryId}`;
const post = (body: string, headers: Record<string, string> = sdp, url = endpoint()) =>
  fetch(url, { method: 'POST', headers, body });

async function open(name: (typeof offerNames)[number] = 'obs') {
  const response = await post(testOffer(name));
  const location = response.headers.get('location') ?? '';
  return {
    response,
    answer: await response.text(),
    url: whip.url + location,
    etag: response.headers.get('etag') ?? '',
  };
}

describe('POST', () => {
  it.each(offerNames)('answers %s with 201, the answer, where the session is, and its tag', async (name) => {
    const { response, answer, url } = await open(name);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/sdp');
    // Only a path: OBS drops everything else when it resolves it.
    expect(response.headers.get('location')).toMatch(new RegExp(`^/whip/${entryId}/[0-9a-f]{32}$`));
    expect(response.headers.get('etag')).toMatch(/^"[\w-]{16,}"$/);
    expect(response.headers.get('link')).toBeNull();
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toBe('Location, ETag, Link');
    expect(answer.startsWith('v=0\r\n')).toBe(true);
    expect(answer).toContain(`127.0.0.1 ${whip.sfu.port} typ host`);
    await fetch(url, { method: 'DELETE' });
    expect(await whip.publishers.at(-1)?.ended).toBe('the publisher ended the session');
  });

  it('knows the publisher behind a proxy by the address that the proxy names', async () => {
    const response = await post(testOffer('obs'), { ...sdp, 'X-Forwarded-For': '203.0.113.5' });
    expect(whip.publishers.at(-1)?.request.remoteAddress).toBe('203.0.113.5');
    await fetch(whip.url + response.headers.get('location'), { method: 'DELETE' });
  });

  it.each([
    ['', false],
    ['&i=1', true],
    ['&i=0', false],
  ])('takes the token from the URL as well, and with “%s” knows whether it is the backup', async (query, backup) => {
    const address = `${endpoint()}?token=${token}${query}`;
    const response = await post(testOffer('obs'), { 'Content-Type': 'application/sdp' }, address);
    expect(response.status).toBe(201);
    const { request } = whip.publishers.at(-1)!;
    expect(request).toMatchObject({ protocol: 'whip', streamName: entryId, token, backup });
    await fetch(whip.url + response.headers.get('location'), { method: 'DELETE' });
  });

  it.each([
    ['no token', () => post(testOffer('obs'), { 'Content-Type': 'application/sdp' }), 401, 'invalidStreamToken'],
    ['a wrong token', () => post(testOffer('obs'), { ...sdp, Authorization: 'Bearer no' }), 401, 'invalidStreamToken'],
    [
      'a token that has expired',
      () => post(testOffer('obs'), { ...sdp, Authorization: `Bearer ${expiredToken}` }),
      401,
      'streamKeyExpired',
    ],
    ['an unknown entry', () => post(testOffer('obs'), sdp, `${whip.url}/whip/0_unknown1`), 404, 'entryNotFound'],
    [
      'another content type',
      () => post(testOffer('obs'), { ...sdp, 'Content-Type': 'text/plain' }),
      415,
      'unsupportedMediaType',
    ],
    ['too large a body', () => post('v=0\r\n'.padEnd(70_000, 'a')), 413, 'payloadTooLarge'],
  ])('refuses %s with a readable error', async (_why, request, status, code) => {
    const before = whip.publishers.length;
    const response = await request();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(whip.publishers).toHaveLength(before);
  });

  it.each([
    ['a body that is not SDP', '{"type":"offer"}', 400, 'malformedSdp'],
    ['no codec that can be taken', testOffer('obs').replace('H264', 'H265'), 406, 'notAcceptable'],
  ])('refuses %s, and has the entry’s page say so to those who have the key', async (_what, offer, status, code) => {
    const response = await post(offer);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(whip.publishers.at(-1)?.refusals).toEqual([error.message]);
    const before = whip.publishers.length;
    expect((await post(offer, { ...sdp, Authorization: 'Bearer no' })).status).toBe(401);
    expect(whip.publishers).toHaveLength(before);
  });

  it('answers 4xx, and lets go of the publication, when media parameters contradict each other', async () => {
    const both = testOffer('obs').replaceAll('1278374646', '1278374645');
    const response = await post(both);
    expect(response.status).toBe(422);
    expect(await whip.publishers.at(-1)?.ended).toBe('the session could not be opened');
  });

  it('gives up on a body that does not come', { timeout: 15_000 }, async () => {
    const socket = connect({ port: Number(new URL(whip.url).port), host: 'localhost' });
    socket.write(
      `POST /whip/${entryId} HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\nContent-Length: 50\r\n\r\nv=0`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 400 [^]*Connection: close/i);
    await once(socket, 'close');
  });
});

describe('the endpoint and the session', () => {
  it('answer GET and HEAD with nothing, successfully', async () => {
    const { url } = await open();
    for (const method of ['GET', 'HEAD'])
      for (const address of [endpoint(), url]) {
        const response = await fetch(address, { method });
        expect(response.status).toBe(204);
        expect(await response.text()).toBe('');
      }
    await fetch(url, { method: 'DELETE' });
  });

  it('answer a preflight without a token', async () => {
    const response = await fetch(endpoint(), { method: 'OPTIONS', headers: { Origin: 'https://studio.example' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('accept-post')).toBe('application/sdp');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, If-Match');
    const session = await fetch(`${endpoint()}/whatever`, { method: 'OPTIONS' });
    expect(session.status).toBe(200);
    expect(session.headers.get('access-control-allow-methods')).toMatch(/PATCH.*DELETE/);
  });

  it('name the methods they know when asked for another', async () => {
    const { url } = await open();
    const response = await fetch(endpoint(), { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD, OPTIONS']);
    const session = await fetch(url, { method: 'POST' });
    expect([session.status, session.headers.get('allow')]).toEqual([405, 'PATCH, DELETE, GET, HEAD, OPTIONS']);
    await fetch(url, { method: 'DELETE' });
  });

  it.each(['/whip/', '/whip/a/b/c', '/whip/a%00b'])('are not at %s', async (path) => {
    expect((await fetch(whip.url + path, { method: 'POST' })).status).toBe(404);
  });
});

describe('DELETE', () => {
  it('answers 200 and ends the publication once, whatever the tag', async () => {
    const { url } = await open();
    const publisher = whip.publishers.at(-1);
    const response = await fetch(url, { method: 'DELETE', headers: { ...bearer, 'If-Match': '"old"' } });
    expect(response.status).toBe(200);
    expect(publisher?.ends).toHaveLength(1);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
    expect(publisher?.ends).toHaveLength(1);
  });

  it('is refused with a wrong token, or at another entry’s address', async () => {
    const { url } = await open();
    expect((await fetch(url, { method: 'DELETE', headers: { Authorization: 'Bearer no' } })).status).toBe(401);
    expect((await fetch(url.replace(entryId, '0_other123'), { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(200);
  });
});

describe('PATCH', () => {
  it('takes trickled candidates with 204 and neither body nor tag', async () => {
    const { url, etag } = await open();
    const conditions: Record<string, string>[] = [{}, { 'If-Match': etag }, { 'If-Match': '*' }];
    for (const headers of conditions) {
      const response = await fetch(url, {
        method: 'PATCH',
        headers: { ...fragmentType, ...headers },
        body: fragment(offeredUfrag),
      });
      expect(response.status).toBe(204);
      expect(response.headers.get('etag')).toBeNull();
      expect(await response.text()).toBe('');
    }
    await fetch(url, { method: 'DELETE' });
  });

  it('restarts ICE with new credentials and a new tag', async () => {
    const { url, etag, answer } = await open();
    const response = await fetch(url, {
      method: 'PATCH',
      headers: { ...fragmentType, 'If-Match': '*' },
      body: fragment('newufrag'),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/trickle-ice-sdpfrag');
    const newEtag = response.headers.get('etag') ?? '';
    expect(newEtag).toMatch(/^"[\w-]+"$/);
    expect(newEtag).not.toBe(etag);
    const body = await response.text();
    expect(body).toContain('a=ice-lite');
    const ufrag = /a=ice-ufrag:(\S+)/;
    expect(ufrag.exec(body)?.[1]).not.toBe(ufrag.exec(answer)?.[1]);
    const stale = await fetch(url, {
      method: 'PATCH',
      headers: { ...fragmentType, 'If-Match': etag },
      body: fragment('third'),
    });
    expect(stale.status).toBe(412);
    const next = await fetch(url, {
      method: 'PATCH',
      headers: { ...fragmentType, 'If-Match': newEtag },
      body: fragment('third'),
    });
    expect(next.status).toBe(200);
    await fetch(url, { method: 'DELETE' });
  });

  it.each([
    ['a restart without a tag', fragmentType, fragment('newufrag'), 428],
    ['a stale tag', { ...fragmentType, 'If-Match': '"old"' }, fragment(offeredUfrag), 412],
    ['another content type', { 'Content-Type': 'application/json' }, '{}', 415],
    ['a body that is no fragment', fragmentType, 'hello', 400],
    ['a wrong token', { ...fragmentType, Authorization: 'Bearer no' }, fragment(offeredUfrag), 401],
  ])('refuses %s', async (_why, headers, body, status) => {
    const { url } = await open();
    const response = await fetch(url, { method: 'PATCH', headers, body });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error.code');
    await fetch(url, { method: 'DELETE' });
  });
});

describe('a WHIP server under pressure', () => {
  it('does not count posts that are accepted, or refused for their key', async () => {
    const busy = await startWhip();
    const url = `${busy.url}/whip/${entryId}`;
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 70; attempt += 1)
      statuses.add((await post(testOffer('obs'), { ...sdp, Authorization: 'Bearer no' }, url)).status);
    expect([...statuses]).toEqual([401]);
    for (let attempt = 0; attempt < 70; attempt += 1) {
      const response = await post(testOffer('obs'), sdp, url);
      statuses.add(response.status);
      await fetch(busy.url + response.headers.get('location'), { method: 'DELETE', headers: bearer });
    }
    expect([...statuses]).toEqual([401, 201]);
    await busy.close();
  });

  it('tells who guesses in its turn, and lets the right token in meanwhile', async () => {
    const startedMs = performance.now();
    const guesses = Promise.all(
      Array.from({ length: 30 }, () => post(testOffer('obs'), { ...sdp, Authorization: `Bearer ${guessedToken}` })),
    );
    const { response, url } = await open();
    expect(response.status).toBe(201);
    expect((await guesses).map(({ status }) => status)).toEqual(Array(30).fill(401));
    expect(performance.now() - startedMs).toBeGreaterThan(heldMs - 5);
    await fetch(url, { method: 'DELETE', headers: bearer });
  });

  it('reads only so much nonsense of one address in a minute', async () => {
    const busy = await startWhip();
    const statuses = new Set<number>();
    let retryAfter: string | null = null;
    for (let attempt = 0; attempt < 61; attempt += 1) {
      const response = await post('no', sdp, `${busy.url}/whip/${entryId}`);
      statuses.add(response.status);
      retryAfter = response.headers.get('retry-after');
    }
    expect([...statuses]).toEqual([400, 429]);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    await busy.close();
  });

  it('ends every publication exactly once when it closes', async () => {
    const closing = await startWhip();
    await post(testOffer('obs'), sdp, `${closing.url}/whip/${entryId}`);
    await post(testOffer('chromium'), sdp, `${closing.url}/whip/${entryId}`);
    await closing.close();
    expect(closing.publishers.map(({ ends }) => ends)).toEqual([
      ['the server is stopping'],
      ['the server is stopping'],
    ]);
  });

  it('answers whatever is offered, and keeps nothing of what it refuses', async () => {
    const ends: string[] = [];
    let published = 0;
    const publish = () => {
      published += 1;
      return Promise.resolve({ entryId, start: () => undefined, end: (reason: string) => ends.push(reason) });
    };
    const parts = { sfu: whip.sfu, gate: { publish }, log: pino({ level: 'silent' }), now: Date.now };
    await fc.assert(
      fc.asyncProperty(mutatedOffers, async (offer) => {
        const session = await openSession(parts, { entryId, token, backup: false, remoteAddress: '192.0.2.1', offer });
        if (!isRefusal(session)) return await session.close('test');
        expect(errorTable[session.refused].status).toBeGreaterThanOrEqual(400);
        expect(errorTable[session.refused].status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
    expect(published).toBeGreaterThan(50);
    expect(ends).toHaveLength(published);
  });

  it('ends what a dying media worker carried, says 503 for a moment, and then goes on', async () => {
    const fragile = await startWhip();
    const publish = () => post(testOffer('obs'), sdp, `${fragile.url}/whip/${entryId}`);
    expect((await publish()).status).toBe(201);
    const newest = execFileSync('pgrep', ['-n', '-P', String(process.pid), '-f', 'mediasoup-worker'], {
      encoding: 'utf8',
    });
    process.kill(Number(newest), 'SIGKILL');
    const [publisher] = fragile.publishers;
    expect(await publisher?.ended).toBe('the media worker ended');
    const refused = await publish();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    await vi.waitFor(async () => expect((await publish()).status).toBe(201), { timeout: 10_000, interval: 500 });
    expect(publisher?.ends).toHaveLength(1);
    await fragile.close();
  });

  it('does not keep a session that the gate throws out', async () => {
    const { url } = await open();
    whip.publishers.at(-1)?.request.disconnect('replaced');
    expect(await whip.publishers.at(-1)?.ended).toBe('replaced');
    expect((await fetch(url)).status).toBe(404);
  });
});
