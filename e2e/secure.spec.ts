import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { generate } from 'selfsigned';
import { Encoder } from './drivers/encoder.ts';
import { Producer } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';
import { Viewer } from './drivers/viewer.ts';

test.use({ ignoreHTTPSErrors: true });

test.describe('with a certificate', () => {
  let directory: string;
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    // Nobody has signed the certificate.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    directory = await mkdtemp(join(tmpdir(), 'tallylight-tls-'));
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
    const [TLS_CERT, TLS_KEY] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    await Promise.all([writeFile(TLS_CERT, cert), writeFile(TLS_KEY, key)]);
    server = await ServerUnderTest.start({ TLS_CERT, TLS_KEY });
    producer = await Producer.signIn(server);
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  });

  test('a broadcast is watched over HTTP/2, part by part and within seconds of live', async ({ page }) => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const parts: string[] = [];
    page.on('response', (response) => {
      if (/\/v0\/\d+\.\d+\.m4s$/.test(response.url()) && response.status() === 200) parts.push(response.url());
    });
    const viewer = new Viewer(page);
    await viewer.open(`${entry.playback.embed}?engine=hlsjs&muted=1`);
    const playing = await viewer.waitUntilPlaying(4);
    expect(playing.error).toBeNull();
    expect(parts.length).toBeGreaterThan(6);
    expect(playing.seekableEnd - playing.time).toBeLessThan(5);
    const protocols = await page.evaluate(() => {
      const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return [...new Set(loaded.map(({ nextHopProtocol }) => nextHopProtocol))].filter((name) => name !== '');
    });
    expect(protocols).toEqual(['h2']);
    // The player hears over a WebSocket, beside HTTP/2, that the broadcast is over.
    await producer.call('POST', `/entries/${entry.id}/end`);
    await expect(page.getByText(/ended/i)).toBeVisible({ timeout: 30_000 });
    await encoder.stop();
  });

  test('WHIP answers over HTTP/2', async () => {
    const session = connect(server.url, { rejectUnauthorized: false });
    const ask = (method: string, headers = {}, body = '') =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const stream = session.request({ ':method': method, ':path': '/whip/0_abcd1234', ...headers });
        stream.once('response', resolve).once('error', reject).resume().end(body);
      });
    expect(await ask('OPTIONS')).toMatchObject({ ':status': 200, 'accept-post': 'application/sdp' });
    expect(await ask('POST', { 'content-type': 'text/plain' }, 'hello')).toMatchObject({ ':status': 415 });
    const offer = { 'content-type': 'application/sdp', authorization: 'Bearer nobody' };
    expect((await ask('POST', offer, 'v=0\r\n'))[':status']).toBeGreaterThanOrEqual(400);
    session.close();
  });
});
