import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { Producer } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('a server that is given what it should not be', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  test('tells an encoder with a wrong key so, in words that ffmpeg prints', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publishTo(`rtmp://127.0.0.1:${server.rtmpPort}/live?token=wrong/${entry.id}_1`);
    expect(await encoder.ended).not.toBe(0);
    expect(encoder.output).toContain('The stream key is not right');
    expect((await producer.entry(entry.id)).state).toBe('idle');
  });

  test('says on the entry’s page why what an encoder announces cannot be taken', async () => {
    const entry = await producer.createLiveEntry();
    const { rtspUrl, password } = entry.ingest ?? {};
    const { port, pathname } = new URL(rtspUrl ?? '');
    const description = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n';
    const head = `ANNOUNCE rtsp://127.0.0.1:${port}${pathname}?token=${password} RTSP/1.0\r\nCSeq: 1\r\n`;
    const type = `Content-Type: application/sdp\r\nContent-Length: ${description.length}\r\n\r\n`;
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(head + type + description);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    const sentence = 'H.265 video is not supported; send H.264 and AAC.';
    expect(answer.toString()).toContain(sentence);
    const { events } = await producer.call<{ events: { kind: string; message: string }[] }>(
      'GET',
      `/entries/${entry.id}/ingest`,
    );
    expect(events.find(({ kind }) => kind === 'refused')?.message).toContain(sentence);
  });

  test('refuses a second encoder without disturbing the first', async () => {
    const entry = await producer.createLiveEntry();
    const first = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const second = Encoder.publish(entry);
    expect(await second.ended).not.toBe(0);
    expect(second.output).toContain('already being broadcast');
    expect((await producer.entry(entry.id)).state).toBe('live');
    await first.stop();
  });

  test('drops garbage on the RTMP port and keeps serving everybody else', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry);
    for (let n = 0; n < 20; n++) {
      const socket = connect(server.rtmpPort, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(n % 2 === 0 ? randomBytes(5000) : Buffer.concat([Buffer.from([3]), randomBytes(20_000)]));
      socket.resume();
      if (n % 3 === 0) socket.destroy();
      else await once(socket, 'close');
    }
    await producer.waitForState(entry.id, 'live');
    await encoder.stop();
  });

  test('answers malformed SDP and JSON with a sentence and a code', async ({ request }) => {
    const entry = await producer.createLiveEntry();
    const sdp = await request.post(entry.ingest?.whipUrl ?? '', {
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${entry.ingest?.whipToken}` },
      data: 'v=0\r\nthis is no offer',
    });
    expect(sdp.status()).toBe(400);
    expect(await sdp.json()).toMatchObject({ error: { code: 'malformedSdp' } });

    const json = await request.post(`${server.url}/api/v1/entries`, {
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${producer.token}` },
      data: Buffer.from('{"type": "live", '),
    });
    expect(json.status()).toBe(400);
    expect(await json.json()).toMatchObject({ error: { code: 'malformedJson' } });

    const short = await request.post(`${server.url}/api/v1/entries`, {
      headers: { Authorization: `Bearer ${producer.token}` },
      data: { type: 'live', name: 'abc' },
    });
    expect(short.status()).toBe(400);
    expect(JSON.stringify(await short.json())).toContain('at least 5 characters');
  });

  test('answers unknown and hostile playback addresses with 404', async ({ request }) => {
    for (const path of [
      '0_zzzzzzzz/hls/master.m3u8',
      '0_zzzzzzzz/hls/%2e%2e/%2e%2e/etc/passwd',
      'x/dash/manifest.mpd',
    ]) {
      expect((await request.get(`${server.url}/play/${path}`)).status()).toBe(404);
    }
  });
});
