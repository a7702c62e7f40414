import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from './api.ts';
import { requestUrl } from './requestUrl.ts';

function answer(status: number, body?: unknown, type = 'application/json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fetched = vi.fn<typeof fetch>(() =>
    Promise.resolve(new Response(status === 204 ? null : text, { status, headers: { 'Content-Type': type } })),
  );
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe('requestUrl', () => {
  it('fills parameters, escapes them and leaves unset query values out', () => {
    expect(requestUrl('/entries/:id', { id: 'a/b' })).toBe('/api/v1/entries/a%2Fb');
    expect(requestUrl('/entries', {}, { search: 'a b&c', type: undefined, state: '', page: 2 })).toBe(
      '/api/v1/entries?search=a+b%26c&page=2',
    );
  });
});

describe('api', () => {
  it('sends a body as JSON with the session cookie and returns the answer', async () => {
    const fetched = answer(200, { token: 't', user: { id: '1', email: 'a@b', name: 'A' } });
    const session = await api.signIn({ body: { email: 'a@b', password: 'secret' } });
    expect(session.user.email).toBe('a@b');
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe('/api/v1/session');
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin' });
    expect(init?.body).toBe('{"email":"a@b","password":"secret"}');
  });

  it('answers nothing for 204', async () => {
    answer(204);
    expect(await api.deleteEntry({ params: { id: '0_abcdefgh' } })).toBeUndefined();
  });

  it('throws the server’s own sentence with code and details', async () => {
    answer(409, { error: { code: 'entryBroadcasting', message: 'Not now.', details: { state: 'live' } } });
    await expect(api.getEntry({ params: { id: '0_abcdefgh' } })).rejects.toMatchObject({
      code: 'entryBroadcasting',
      message: 'Not now.',
      status: 409,
      details: { state: 'live' },
    });
  });

  it('stays readable when a proxy answers with its own page', async () => {
    answer(502, '<html>Bad gateway</html>', 'text/html');
    await expect(api.listProfiles()).rejects.toMatchObject({ code: 'unexpectedAnswer', status: 502 });
  });

  it('says so when the server cannot be reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(api.currentSession()).rejects.toMatchObject({ code: 'unreachable' });
  });
});
