import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiRoute } from '../../shared/api/route.ts';
import { apiPrefix, apiRoutes } from '../../shared/api/routes.ts';
import { send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = await signIn(api.url);
});
afterAll(() => api.close());

const routes = Object.entries<ApiRoute>(apiRoutes);
const addressOf = (route: ApiRoute) =>
  apiPrefix + route.path.replace(':id', route.path.startsWith('/entries') ? '0_aaaaaaaa' : 'nowhere');

describe('every call', () => {
  it.each(routes.filter(([, route]) => route.access === 'signedIn'))('%s asks to sign in first', async (_, route) => {
    for (const used of [undefined, 'x'.repeat(43)]) {
      const answer = await send(api.url, route.method.toUpperCase(), addressOf(route), { token: used });
      expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated']);
    }
  });

  it.each(routes.filter(([, route]) => route.body))('%s answers any JSON without failing', async (_, route) => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (body) => {
        const answer = await send(api.url, route.method.toUpperCase(), addressOf(route), { body, token });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });

  it.each(routes.filter(([, route]) => route.body))('%s answers hostile values in its own fields', async (_, route) => {
    const field = fc.constantFrom('type', 'name', 'tags', 'urls', 'dvr', 'flavors', 'profileId', 'email', '__proto__');
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(-0, 1e308, null, [[]], { toString: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, value), async (body) => {
        const full = { type: 'live', name: 'Long enough', flavors: [], password: 'x', ...body };
        const answer = await send(api.url, route.method.toUpperCase(), addressOf(route), { body: full, token });
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves nothing in the log when it was only the client’s fault', () => {
    expect(api.lines).toEqual([]);
  });
});

describe('a body', () => {
  const post = (raw: BodyInit, headers?: Record<string, string>) =>
    send(api.url, 'POST', '/api/v1/entries', { raw, token, headers });

  it.each(['{', '{"type":', 'nonsense', '{"a":1}}', '\u0000', '['.repeat(50_000)])(
    'that is not JSON is refused',
    async (raw) => {
      const answer = await post(raw);
      expect([answer.status, answer.json.error.code]).toEqual([400, 'malformedJson']);
    },
  );

  it('that is too large is refused, compressed or not', async () => {
    const large = JSON.stringify({ type: 'live', name: 'x'.repeat(200_000) });
    for (const answer of [await post(large), await post(gzipSync(large), { 'content-encoding': 'gzip' })])
      expect([answer.status, answer.json.error.code]).toEqual([413, 'payloadTooLarge']);
  });

  it('of another type is refused', async () => {
    const answer = await post('type=live', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([answer.status, answer.json.error.code]).toEqual([415, 'unsupportedMediaType']);
    const encoded = await post('{}', { 'content-encoding': 'snappy' });
    expect(encoded.status).toBe(415);
  });

  it('that is missing is refused', async () => {
    const answer = await send(api.url, 'POST', '/api/v1/entries', { token });
    expect([answer.status, answer.json.error.code]).toEqual([400, 'validationFailed']);
  });

  it('that is broken off leaves the server as it was', async () => {
    const request = httpRequest(`${api.url}/api/v1/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 1000, authorization: `Bearer ${token}` },
    });
    const failed = new Promise((resolve) => request.once('error', resolve));
    request.write('{"type":');
    request.once('socket', (socket) => socket.once('connect', () => setImmediate(() => request.destroy())));
    await failed;
    expect((await send(api.url, 'GET', '/healthz')).status).toBe(200);
  });
});

describe('an address', () => {
  it.each([
    '/api/v1/nothing',
    '/api/nothing',
    '/nothing.js',
    '/play/0_aaaaaaaa/x',
    '/assets/x.js',
    '/api/v1/entries/0_aaaaaaaa/x',
  ])('%s that does not exist is answered in JSON', async (path) => {
    const answer = await send(api.url, 'GET', path);
    expect([answer.status, answer.json.error.code]).toEqual([404, 'notFound']);
  });

  it('that cannot be decoded is refused', async () => {
    expect((await send(api.url, 'GET', '/api/v1/entries/%E0%A4%A', { token })).status).toBe(400);
  });

  it('says which methods it answers', async () => {
    const answer = await send(api.url, 'DELETE', '/api/v1/entries', { token });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD']);
    expect((await send(api.url, 'OPTIONS', '/api/v1/entries')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('an answer', () => {
  it('is compressed when it is long, and not cached', async () => {
    for (let n = 0; n < 5; n += 1) await api.entries.create({ type: 'live', name: `Number ${n}` });
    const answer = await send(api.url, 'GET', '/api/v1/entries', { token, headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json.total).toBeGreaterThanOrEqual(5);
  });

  it('to a failure of the server says so, and the log says where without secrets', async () => {
    const broken = await startApi();
    const brokenToken = await signIn(broken.url);
    broken.live.end = () => Promise.reject(new Error('disk on fire'));
    const { id } = await broken.entries.create({ type: 'live', name: 'Unlucky' });
    const answer = await send(broken.url, 'POST', `/api/v1/entries/${id}/end`, { token: brokenToken });
    await broken.close();
    expect([answer.status, answer.json.error.code]).toEqual([500, 'internal']);
    expect(answer.text).not.toContain('disk');
    const logged = broken.lines.join('\n');
    expect(logged).toContain('disk on fire');
    expect(logged).toContain('endBroadcast');
    expect(logged).not.toContain(brokenToken);
  });
});

describe('the server’s condition', () => {
  it('is told to whoever watches over it', async () => {
    expect((await send(api.url, 'GET', '/healthz')).json).toEqual({ status: 'ok' });
    expect((await send(api.url, 'GET', '/readyz')).status).toBe(200);
    api.clock.ready = false;
    expect((await send(api.url, 'GET', '/readyz')).status).toBe(503);
    api.clock.ready = true;
  });

  it('is measured', async () => {
    const { id } = await api.entries.create({ type: 'live', name: 'On the air' });
    await api.entries.setState(id, 'live');
    const { text, headers } = await send(api.url, 'GET', '/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('tallylight_entries{state="live"} 1\n');
    expect(text).toContain('tallylight_viewers 3\n');
    expect(text).toContain('tallylight_recordings{state="stopped"} 0\n');
    expect(text).toMatch(/tallylight_api_call_seconds_count\{route="createEntry",status="4xx"\} \d+/);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain(id);
  });
});
