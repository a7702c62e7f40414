import { expect, test } from '@playwright/test';
import type { VideoEntry } from '../shared/model/entry.ts';
import { childrenNamed } from './drivers/processes.ts';
import { Encoder } from './drivers/encoder.ts';
import { Producer, until } from './drivers/producer.ts';
import { readBack } from './drivers/readBack.ts';
import { readRuns } from './drivers/readRuns.ts';
import { ServerUnderTest } from './drivers/server.ts';

/** Numbers of the media segments in an HLS playlist, and its first sequence number. */
async function playlist(url: string): Promise<{ first: number; segments: number[]; text: string }> {
  const text = await (await fetch(url.replace('master.m3u8', 'v0.m3u8'))).text();
  const segments = [...text.matchAll(/^[^#\n]*\/(\d+)\.m4s/gm)].map(([, sequence]) => Number(sequence));
  return { first: Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]), segments, text };
}

test.describe('a server that dies in the middle of a broadcast', () => {
  test('comes back with the media it had, and the returning publisher continues the broadcast', async () => {
    const server = await ServerUnderTest.start();
    let producer = await Producer.signIn(server);
    const entry = await producer.createLiveEntry();
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const hls = entry.playback.hls ?? '';
    const before = await until(async () => {
      const read = await playlist(hls);
      return read.segments.length >= 4 ? read : undefined;
    }, 'four segments');
    const { items: broadcastsBefore } = await producer.call<{ items: { id: string }[] }>(
      'GET',
      `/entries/${entry.id}/broadcasts`,
    );

    await server.end('SIGKILL');
    expect(await encoder.ended).not.toBe(0);
    await server.run();
    producer = await Producer.signIn(server);
    expect((await producer.entry(entry.id)).state).toBe('interrupted');
    const recovered = await playlist(hls);
    expect(recovered.segments).toEqual(expect.arrayContaining(before.segments));
    expect(recovered.text).not.toContain('ENDLIST');

    const again = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    const after = await until(async () => {
      const read = await playlist(hls);
      return read.segments.length >= recovered.segments.length + 2 ? read : undefined;
    }, 'two more segments');
    expect(after.first).toBeGreaterThanOrEqual(before.first);
    expect(after.segments).toEqual(after.segments.map((_, index) => after.first + index));
    expect(after.text).toContain('#EXT-X-DISCONTINUITY');
    const { items: broadcasts } = await producer.call<{ items: { id: string }[] }>(
      'GET',
      `/entries/${entry.id}/broadcasts`,
    );
    expect(broadcasts.map(({ id }) => id)).toEqual(broadcastsBefore.map(({ id }) => id));

    await again.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    expect((await playlist(hls)).text).toContain('#EXT-X-ENDLIST');
    const read = await readBack(hls, 6);
    expect(read.complaints).toBe('');
    expect(read.videoFrames).toBeGreaterThan(100);
    await server.stop();
  });

  test('starts ffmpeg again within two seconds when only that has died, and records on', async () => {
    const server = await ServerUnderTest.start();
    const producer = await Producer.signIn(server);
    const entry = await producer.createLiveEntry({ recording: 'perSession' });
    const encoder = Encoder.publish(entry);
    await producer.waitForState(entry.id, 'live');
    await until(
      async () => ((await playlist(entry.playback.hls ?? '')).segments.length >= 2 ? true : undefined),
      'media',
    );
    const [ffmpeg] = await childrenNamed(server.pid, 'ffmpeg');
    expect(ffmpeg).toBeDefined();
    process.kill(ffmpeg ?? 0, 'SIGKILL');
    const killedAtMs = Date.now();
    const [next] = await until(async () => {
      const found = (await childrenNamed(server.pid, 'ffmpeg')).filter((pid) => pid !== ffmpeg);
      return found.length > 0 ? found : undefined;
    }, 'a new ffmpeg');
    expect(Date.now() - killedAtMs).toBeLessThan(2000);
    expect(next).not.toBe(ffmpeg);
    const hls = entry.playback.hls ?? '';
    await until(async () => {
      const { text } = await playlist(hls);
      const after = text.split('#EXT-X-DISCONTINUITY\n')[1];
      return after && /^[^#\n]*\/\d+\.m4s/m.test(after) ? true : undefined;
    }, 'a whole segment of new media');
    const { state, lastFailure } = await producer.entry(entry.id);
    expect(state).toBe('live');
    expect(lastFailure?.message).toBeTruthy();
    await encoder.stop();
    await producer.call('POST', `/entries/${entry.id}/end`);
    const { items } = await producer.call<{ items: VideoEntry[] }>('GET', `/entries/${entry.id}/recordings`);
    expect(items).toMatchObject([{ status: 'ready', failure: null }]);
    const runs = await readRuns(items[0]?.playback.hls ?? '');
    expect(runs).toHaveLength(2);
    for (const { complaints, videoFrames } of runs) {
      expect(complaints).toBe('');
      expect(videoFrames).toBeGreaterThan(10);
    }
    await server.stop();
  });
});
