/**
 * npm run bench:latency
 *
 * Seconds between a frame being made and being seen: a clock is burnt into the picture, sent over RTMP with a key
 * frame every two seconds or from the studio's Go live page, and read back from the player's picture in Chromium,
 * twice a second, with either engine.
 */
import { Broadcaster } from '../drivers/broadcaster.ts';
import { ClockEncoder } from '../drivers/clockEncoder.ts';
import { installClockCamera, readClockAge } from '../drivers/clockPicture.ts';
import { launchBrowser } from '../drivers/browser.ts';
import { Producer } from '../drivers/producer.ts';
import { ServerUnderTest } from '../drivers/server.ts';
import { Viewer } from '../drivers/viewer.ts';
import type { LiveEntry } from '../../shared/model/entry.ts';
import { firstStreamName } from '../../shared/urls.ts';
import { quantile } from './quantile.ts';

const samplesWanted = 60;

const server = await ServerUnderTest.start({ LOG_LEVEL: 'warn' });
const browser = await launchBrowser();
try {
  const producer = await Producer.signIn(server);
  const rows = [];
  for (const [path, publish] of Object.entries({ rtmp: publishRtmp, browser: publishFromStudio })) {
    for (const engine of ['hlsjs', 'shaka']) {
      const entry = await producer.createLiveEntry();
      const end = await publish(entry);
      await producer.waitForState(entry.id, 'live');
      const viewer = new Viewer(await browser.newPage());
      await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
      await viewer.waitUntilPlaying(5);
      const ages: number[] = [];
      while (ages.length < samplesWanted) {
        const { ageMs, certain } = await viewer.page.evaluate(readClockAge);
        if (certain) ages.push(ageMs / 1000);
        await viewer.page.waitForTimeout(500);
      }
      const figures = { p50: quantile(ages, 0.5), p95: quantile(ages, 0.95), max: Math.max(...ages) };
      rows.push({ path, engine, samples: ages.length, ...figures });
      await viewer.page.close();
      await end();
      await producer.call('DELETE', `/entries/${entry.id}`);
    }
  }
  console.log('Latency from the frame to the player’s picture, seconds');
  console.table(rows);
} finally {
  await browser.close();
  await server.stop();
}

/** Resolves with what ends it. */
async function publishRtmp(entry: LiveEntry): Promise<() => Promise<void>> {
  const url = `${entry.ingest?.primaryUrl}/${firstStreamName(entry.ingest?.streamName ?? '')}`;
  const encoder = new ClockEncoder(url);
  return await Promise.resolve(() => encoder.stop());
}

async function publishFromStudio(entry: LiveEntry): Promise<() => Promise<void>> {
  const page = await browser.newPage();
  await page.addInitScript(installClockCamera);
  const broadcaster = new Broadcaster(page, server);
  await broadcaster.prepare(entry.id);
  await broadcaster.goLive();
  return async () => {
    await broadcaster.end();
    await page.close();
  };
}
