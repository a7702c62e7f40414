/**
 * npm run bench:latency [-- --runs <number>]
 *
 * Seconds between a frame being made and being seen: a clock is burnt into the picture, sent over RTMP with a key
 * frame every two seconds or from the studio's Go live page, and read back from the player's picture in Chromium,
 * twice a second, with either engine; each time with a new broadcast and a new page, 3 times unless told otherwise.
 */
import { parseArgs } from 'node:util';
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

const samplesOfRun = 100;
const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs is a number from 1 on');

const server = await ServerUnderTest.start({ LOG_LEVEL: 'warn' });
const browser = await launchBrowser();
try {
  const producer = await Producer.signIn(server);
  const rows = [];
  for (const [path, publish] of Object.entries({ rtmp: publishRtmp, browser: publishFromStudio })) {
    for (const engine of ['hlsjs', 'shaka']) {
      const ages: number[][] = [];
      while (ages.length < runs) ages.push(await watch(producer, publish, engine));
      rows.push({ path, engine, ...figures(ages) });
    }
  }
  console.log(`Latency from the frame to the player’s picture in ${runs} runs, seconds`);
  console.table(rows);
} finally {
  await browser.close();
  await server.stop();
}

/** Ages of what one viewer of one broadcast sees, in seconds. */
async function watch(producer: Producer, publish: typeof publishRtmp, engine: string): Promise<number[]> {
  const entry = await producer.createLiveEntry();
  const end = await publish(entry);
  await producer.waitForState(entry.id, 'live');
  const viewer = new Viewer(await browser.newPage());
  await viewer.open(`${entry.playback.embed}?engine=${engine}&muted=1`);
  await viewer.waitUntilPlaying(5);
  const ages: number[] = [];
  while (ages.length < samplesOfRun) {
    const { ageMs, certain } = await viewer.page.evaluate(readClockAge);
    if (certain) ages.push(ageMs / 1000);
    await viewer.page.waitForTimeout(500);
  }
  await viewer.page.close();
  await end();
  await producer.call('DELETE', `/entries/${entry.id}`);
  return ages;
}

function figures(ages: readonly (readonly number[])[]): Record<string, number | string> {
  const all = ages.flat();
  const p95s = ages.map((run) => quantile(run, 0.95).toFixed(2));
  return {
    samples: all.length,
    p50: quantile(all, 0.5),
    p95: quantile(all, 0.95),
    'p95 of each run': p95s.join(' '),
    max: Math.max(...all),
  };
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
