import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { email, password, send, signIn, startApi, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  send(api.url, 'POST', '/api/v1/session', { body, headers });
const cookieOf = (answer: { headers: Headers }) => answer.headers.get('set-cookie') ?? '';
const pairOf = (setCookie: string) => setCookie.split(';')[0] ?? '';

describe('signing in', () => {
  it('answers a token and the user, and sets a cookie scripts cannot read', async () => {
    const answer = await post({ email: ' Admin@LOCALHOST ', password });
    expect(answer.status).toBe(200);
    expect(answer.json.user).toMatchObject({ email, name: 'admin' });
    expect(answer.json.token).toMatch(/^[\w-]{43}$/);
    expect(cookieOf(answer)).toMatch(/^tallylight=[\w-]{43}; Max-Age=2592000; Path=\/; .*HttpOnly; SameSite=Lax$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('binds the cookie to the host over HTTPS, which a proxy may say', async () => {
    const answer = await post({ email, password }, { 'x-forwarded-proto': 'https' });
    expect(cookieOf(answer)).toMatch(/^__Host-tallylight=.*; Secure/);
    const session = await send(api.url, 'GET', '/api/v1/session', { headers: { cookie: pairOf(cookieOf(answer)) } });
    expect(session.json.user.email).toBe(email);
  });

  it('says the same of an unknown address and a wrong password', async () => {
    const wrong = await post({ email, password: 'wrong' });
    const unknown = await post({ email: 'nobody@localhost', password });
    expect([wrong.status, wrong.json.error.code]).toEqual([401, 'wrongCredentials']);
    expect(unknown.text).toBe(wrong.text);
    expect(cookieOf(wrong)).toBe('');
  });

  it('refuses pages of other sites', async () => {
    for (const [name, value] of [
      ['origin', 'https://evil.example'],
      ['sec-fetch-site', 'cross-site'],
    ] as const)
      expect((await post({ email, password }, { [name]: value })).status).toBe(403);
  });
});

describe('a session', () => {
  it('works with the token and with the cookie until it is signed out', async () => {
    const answer = await post({ email, password });
    const { token } = answer.json;
    const cookie = pairOf(cookieOf(answer));
    const get = async (options: object) => (await send(api.url, 'GET', '/api/v1/session', options)).status;
    expect(await get({ token })).toBe(200);
    expect(await get({ headers: { cookie } })).toBe(200);
    const out = await send(api.url, 'DELETE', '/api/v1/session', { token });
    expect(out.status).toBe(204);
    expect(cookieOf(out)).toMatch(/^tallylight=;/);
    expect(await get({ token })).toBe(401);
    expect(await get({ headers: { cookie } })).toBe(401);
  });

  it('ends after thirty days', async () => {
    const token = await signIn(api.url);
    api.clock.offsetMs = 30 * 86_400_000 - 10_000;
    expect((await send(api.url, 'GET', '/api/v1/session', { token })).status).toBe(200);
    api.clock.offsetMs = 30 * 86_400_000 + 10_000;
    const answer = await send(api.url, 'GET', '/api/v1/session', { token });
    expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('in a cookie changes things only for this host’s own pages', async () => {
    const cookie = pairOf(cookieOf(await post({ email, password })));
    const host = new URL(api.url).host;
    const create = async (headers: Record<string, string>) =>
      (
        await send(api.url, 'POST', '/api/v1/entries', {
          body: { type: 'live', name: 'From a page' },
          headers: { cookie, ...headers },
        })
      ).status;
    expect(await create({})).toBe(403);
    expect(await create({ origin: 'https://evil.example' })).toBe(403);
    expect(await create({ origin: 'null' })).toBe(403);
    expect(await create({ 'sec-fetch-site': 'same-site', origin: `http://${host}` })).toBe(403);
    expect(await create({ origin: `http://${host}` })).toBe(201);
    expect(await create({ origin: `https://${host}` })).toBe(201);
    expect(await create({ 'sec-fetch-site': 'same-origin' })).toBe(201);
    const read = await send(api.url, 'GET', '/api/v1/entries', { headers: { cookie, origin: 'https://evil.example' } });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is not made up by a bad Authorization header beside a good cookie', async () => {
    const cookie = pairOf(cookieOf(await post({ email, password })));
    const answer = await send(api.url, 'GET', '/api/v1/session', { headers: { cookie, authorization: 'Basic eDp5' } });
    expect(answer.status).toBe(401);
  });
});

describe('guessing a password', () => {
  it('is slowed down for the guesser and nobody else', async () => {
    const guess = (from: string) => post({ email, password: 'guess' }, { 'x-forwarded-for': from });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) statuses.push((await guess('198.51.100.1')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
    const refused = await post({ email, password }, { 'x-forwarded-for': '198.51.100.1' });
    expect([refused.status, refused.json.error.code]).toEqual([429, 'tooManyRequests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post({ email, password }, { 'x-forwarded-for': '198.51.100.2' })).status).toBe(200);
  });

  it('does not count what succeeded', async () => {
    for (let attempt = 0; attempt < 8; attempt += 1) expect((await post({ email, password })).status).toBe(200);
  });
});
