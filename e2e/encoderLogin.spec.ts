import { expect, test } from '@playwright/test';
import type { LiveEntry } from '../shared/model/entry.ts';
import { testOffer } from '../server/sfu/sdp/testOffers.fixture.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer } from './drivers/producer.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('an encoder', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  /** Where user name and password are asked for. */
  const withPassword = ({ id, ingest }: LiveEntry, password = ingest?.password) =>
    `rtmp://${ingest?.username}:${password}@127.0.0.1:${server.rtmpPort}/live?auth=adobe/${id}_1`;

  test('goes on air over RTMPS, at the address that the entry shows', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publishTo(`${entry.ingest?.securePrimaryUrl}/${entry.id}_1`);
    await producer.waitForState(entry.id, 'live');
    await encoder.stop();
  });

  test('goes on air with user name and password', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publishTo(withPassword(entry));
    await producer.waitForState(entry.id, 'live');
    await encoder.stop();
  });

  test('is told that its password is wrong, or not the entry’s any more', async () => {
    const entry = await producer.createLiveEntry();
    const wrong = Encoder.publishTo(withPassword(entry, 'wrong'));
    expect(await wrong.ended).not.toBe(0);
    expect(wrong.output).toContain('Incorrect username/password');
    await producer.call('POST', `/entries/${entry.id}/credentials`);
    const old = Encoder.publishTo(withPassword(entry));
    expect(await old.ended).not.toBe(0);
    expect(old.output).toContain('Incorrect username/password');
    expect((await producer.entry(entry.id)).state).toBe('idle');
  });

  test('is told that it has no key, and gets in once it has one, however many tries others have failed with', async () => {
    const entry = await producer.createLiveEntry();
    const address = `rtmp://127.0.0.1:${server.rtmpPort}/live/${entry.id}_1`;
    // Nobody has asked for the user name and password of the second.
    const login = address.replace('://', `://${entry.id}:${entry.ingest?.password}@`);
    for (const keyless of [Encoder.publishTo(address), Encoder.publishTo(login)]) {
      expect(await keyless.ended).not.toBe(0);
      expect(keyless.output).toContain(
        'The stream key is missing: put ?token=… behind the stream name, or ?auth=adobe',
      );
      expect(keyless.output).toContain('the entry’s page has both.');
    }
    for (let attempt = 0; attempt < 12; attempt += 1) await Encoder.publishTo(`${address}?token=guess${attempt}`).ended;
    const encoder = Encoder.publishTo(`${address}?token=${entry.ingest?.password}`);
    await producer.waitForState(entry.id, 'live');
    await encoder.stop();
  });

  test('is told that its key has expired, over every protocol, while the one on air goes on', async ({ request }) => {
    const { id } = await producer.createLiveEntry();
    const expiresAt = Date.now() + 4000;
    const entry = await producer.call<LiveEntry>('POST', `/entries/${id}/credentials`, {
      expiresAt: new Date(expiresAt).toISOString(),
    });
    const { whipUrl = '', whipToken } = entry.ingest ?? {};
    const onAir = Encoder.publish(entry);
    await producer.waitForState(id, 'live');
    await expect.poll(() => Date.now(), { intervals: [100] }).toBeGreaterThan(expiresAt);
    const sentence = 'This stream key has expired; make a new one on the entry’s page.';
    const late = [Encoder.publish(entry), Encoder.publishTo(withPassword(entry)), Encoder.publishRtsp(entry, 'tcp')];
    for (const encoder of late) {
      expect(await encoder.ended).not.toBe(0);
      expect(encoder.output).toContain(sentence);
    }
    const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${whipToken}` };
    const browser = await request.post(whipUrl, { headers, data: testOffer('obs') });
    expect([browser.status(), (await browser.json()).error]).toEqual([
      401,
      { code: 'streamKeyExpired', message: sentence },
    ]);
    expect((await producer.entry(id)).state).toBe('live');
    await onAir.stop();
  });

  test('without AAC goes on air with MP3', async () => {
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry, { audioCodec: 'libmp3lame' });
    await producer.waitForState(entry.id, 'live');
    const master = await (await fetch(entry.playback.hls ?? '')).text();
    expect(master).toContain('mp4a.40.2');
    await encoder.stop();
  });
});
