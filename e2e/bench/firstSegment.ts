/**
 * npm run bench:first-segment
 *
 * Seconds from the start of publishing to the first segment that a player could download: over RTMP from the moment
 * ffmpeg is started, and from the browser from the click on "Go live". Key frames every two seconds.
 */
import { launchBrowser } from '../drivers/browser.ts';
import { Broadcaster } from '../drivers/broadcaster.ts';
import { Encoder } from '../drivers/encoder.ts';
import { Producer, until } from '../drivers/producer.ts';
import { ServerUnderTest } from '../drivers/server.ts';
import { quantile } from './quantile.ts';

const runs = 5;

/** Resolves when the media playlist lists a segment and that segment has been read. */
async function firstSegment(hls: string): Promise<void> {
  await until(async () => {
    const playlist = await fetch(hls.replace('master.m3u8', 'v0.m3u8'));
    const segment = /^.*\d+\.m4s.*$/m.exec(await playlist.text())?.[0];
    if (!playlist.ok || !segment) return undefined;
    const media = await fetch(new URL(segment, hls));
    return media.ok && (await media.arrayBuffer()).byteLength > 0 ? true : undefined;
  }, 'the first segment');
}

const server = await ServerUnderTest.start({ LOG_LEVEL: 'warn' });
const browser = await launchBrowser();
try {
  const producer = await Producer.signIn(server);
  const seconds: Record<'rtmp' | 'browser', number[]> = { rtmp: [], browser: [] };
  for (let run = 0; run < runs; run++) {
    const entry = await producer.createLiveEntry();
    const startedAtMs = Date.now();
    const encoder = Encoder.publish(entry);
    await firstSegment(entry.playback.hls ?? '');
    seconds.rtmp.push((Date.now() - startedAtMs) / 1000);
    await encoder.stop();
  }
  for (let run = 0; run < runs; run++) {
    const entry = await producer.createLiveEntry();
    const broadcaster = new Broadcaster(await browser.newPage(), server);
    await broadcaster.prepare(entry.id);
    const startedAtMs = Date.now();
    await broadcaster.goLive();
    await firstSegment(entry.playback.hls ?? '');
    seconds.browser.push((Date.now() - startedAtMs) / 1000);
    await broadcaster.end();
    await broadcaster.page.close();
  }
  console.log(`Seconds to the first playable segment, ${runs} runs each`);
  console.table(
    Object.entries(seconds).map(([path, values]) => ({
      path,
      median: quantile(values, 0.5),
      worst: Math.max(...values),
    })),
  );
} finally {
  await browser.close();
  await server.stop();
}
