import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startApi, type ApiUnderTest } from './api.fixture.ts';

let api: ApiUnderTest;
let clientDirectory: string;
beforeAll(async () => {
  clientDirectory = await mkdtemp(join(tmpdir(), 'tallylight-client-'));
  await mkdir(join(clientDirectory, 'assets'));
  const page = (name: string) => `<html><head><title>${name}</title><script>go()</script></head><body></body></html>`;
  await writeFile(join(clientDirectory, 'index.html'), page('studio'));
  await writeFile(join(clientDirectory, 'watch.html'), page('watch'));
  await writeFile(join(clientDirectory, 'embed.html'), page('embed'));
  await writeFile(join(clientDirectory, 'assets', 'a-1b2c.js'), 'export {};');
  await writeFile(join(clientDirectory, 'favicon.svg'), '<svg/>');
  api = await startApi({ clientDirectory });
});
afterAll(async () => {
  await api.close();
  await rm(clientDirectory, { recursive: true });
});

const open = (path: string, method = 'GET') => send(api.url, method, path, { headers: { accept: 'text/html,*/*' } });
const csp = (answer: { headers: Headers }) => answer.headers.get('content-security-policy') ?? '';

describe('the pages', () => {
  it.each(['/', '/entries', '/entries/0_aaaaaaaa/live', '/sign-in?next=%2F'])('%s is the studio', async (path) => {
    const answer = await open(path);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<title>studio</title>');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/api/v1/nothing', '/play/x', '/assets/gone.js', '/missing.png'])('%s is not the studio', async (path) => {
    expect((await open(path)).status).toBe(404);
  });

  it('are for browsers that open them', async () => {
    expect((await send(api.url, 'POST', '/entries')).status).toBe(404);
    expect((await send(api.url, 'GET', '/entries', { headers: { accept: 'application/json' } })).status).toBe(404);
  });

  it('keep hashed files for ever and ask again for the others', async () => {
    expect((await open('/assets/a-1b2c.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await open('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/%2e%2e/package.json', '/..%2f..%2fetc/passwd', '/assets/..%5c..%5cx', '/%00'])(
    'do not leave their folder for %s',
    async (path) => {
      const answer = await open(path);
      expect(answer.status).toBeLessThan(500);
      expect(answer.status !== 200 || answer.text.includes('<title>studio</title>')).toBe(true);
    },
  );
});

describe('the pages of an entry', () => {
  it.each(['watch', 'embed'])('carry its name and description as text: %s', async (kind) => {
    const { id } = await api.entries.create({
      type: 'live',
      name: `</title><script>alert("$&")</script>`,
      description: `"><img src=x onerror=alert('$1')>`,
    });
    const { status, text } = await open(`/${kind}/${id}`);
    expect(status).toBe(200);
    expect(text).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(&quot;$&amp;&quot;)&lt;/script&gt;</title>');
    expect(text).toContain(
      '<meta property="og:description" content="&quot;&gt;&lt;img src=x onerror=alert(&#39;$1&#39;)&gt;" />',
    );
    expect(text).toContain(`<meta property="og:url" content="https://live.example.org/${kind}/${id}" />`);
    expect(text.match(/<script>/g)).toHaveLength(1);
    expect(text).not.toContain('<img');
  });

  it.each(['/watch/0_zzzzzzzz', '/embed/0_zzzzzzzz', '/watch/nonsense'])(
    '%s is the page with status 404',
    async (path) => {
      const answer = await open(path);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('<title>');
    },
  );
});

describe('security headers', () => {
  it('let anyone frame the embed page, and nobody else’s pages the others', async () => {
    const { id } = await api.entries.create({ type: 'live', name: 'Framed' });
    const embed = await open(`/embed/${id}`);
    expect(csp(embed)).toContain('frame-ancestors *');
    expect(embed.headers.get('x-frame-options')).toBeNull();
    for (const path of ['/', `/watch/${id}`, '/api/docs']) {
      const answer = await open(path);
      expect(csp(answer)).toContain("frame-ancestors 'self'");
      expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    }
  });

  it('let players work and other scripts not', async () => {
    const answer = await open('/');
    expect(csp(answer)).toContain("worker-src 'self' blob:");
    expect(csp(answer)).toMatch(/media-src 'self' blob:[^;]* http: https:/);
    expect(csp(answer)).toMatch(/connect-src 'self' blob:[^;]* http: https: ws: wss:/);
    expect(csp(answer)).toMatch(/script-src 'self' 'sha256-[\w+/]{43}='/);
    expect(csp(answer)).not.toContain('upgrade-insecure-requests');
    expect(answer.headers.get('strict-transport-security')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });
});

describe('a client that has not been built', () => {
  it('is said to be missing in one sentence', async () => {
    const bare = await startApi({ clientDirectory: join(clientDirectory, 'nowhere') });
    const answer = await send(bare.url, 'GET', '/', { headers: { accept: 'text/html' } });
    await bare.close();
    expect(answer.status).toBe(503);
    expect(answer.text).toMatch(/has not been built/);
  });
});

describe('the API’s description', () => {
  it('is served as JSON and as a page', async () => {
    expect((await open('/api/openapi.json')).json.openapi).toBe('3.1.0');
    const docs = await open('/api/docs');
    expect(docs.headers.get('content-type')).toContain('text/html');
    expect(docs.text).toContain('/api/v1/entries/{id}');
  });
});
