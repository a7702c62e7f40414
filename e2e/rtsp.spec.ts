import { expect, test } from '@playwright/test';
import { Encoder } from './drivers/encoder.ts';
import { Producer } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { ServerUnderTest } from './drivers/server.ts';

test.describe('a broadcast over RTSP', () => {
  let server: ServerUnderTest;
  let producer: Producer;

  test.beforeAll(async () => {
    server = await ServerUnderTest.start();
    producer = await Producer.signIn(server);
  });
  test.afterAll(() => server.stop());

  for (const transport of ['tcp', 'udp'] as const) {
    test(`over ${transport} is read by ffmpeg as HLS, whole and without complaint`, async () => {
      const entry = await producer.createLiveEntry();
      const encoder = Encoder.publishRtsp(entry, transport);
      await producer.waitForState(entry.id, 'live');
      const read = await readBack(entry.playback.hls ?? '', 4);
      expect(read.complaints).toBe('');
      expect(read).toMatchObject({ width: 640, height: 360 });
      expect(read.videoFrames).toBeGreaterThanOrEqual(98);
      expect(read.audioSeconds).toBeGreaterThan(3.8);
      await encoder.stop();
      await producer.waitForState(entry.id, 'interrupted');
    });
  }

  test('goes on over RTMP, on the same broadcast', async () => {
    const entry = await producer.createLiveEntry();
    const first = Encoder.publishRtsp(entry, 'tcp', { seconds: 6 });
    const { broadcast } = await producer.waitForState(entry.id, 'live');
    expect(await first.ended).toBe(0);
    await producer.waitForState(entry.id, 'interrupted');
    const second = Encoder.publish(entry);
    const back = await producer.waitForState(entry.id, 'live');
    expect(back.broadcast?.id).toBe(broadcast?.id);
    await second.stop();
  });

  test('is refused with a sentence when the password is wrong', async () => {
    const entry = await producer.createLiveEntry();
    const { ingest } = entry;
    if (!ingest) throw new Error('the entry shows no ingest settings');
    const encoder = Encoder.publishRtsp({ ...entry, ingest: { ...ingest, password: 'wrong' } }, 'tcp');
    expect(await encoder.ended).not.toBe(0);
    expect(encoder.output).toContain('The user name or the password is not right; copy them again');
    expect((await producer.entry(entry.id)).state).toBe('idle');
  });
});
