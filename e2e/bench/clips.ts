/**
 * npm run bench:clips
 *
 * Seconds from asking for a clip to its manifest, for sources of a minute, ten minutes and two hours (720p with two flavors
 * and sound, each end within a segment), and what the same sources take to be downloaded: until the first byte, and on. The
 * long sources are the minute over and over, as compositions of the same store.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal } from '../../server/errors.ts';
import { createLog } from '../../server/log.ts';
import { createHlsPackager } from '../../server/packaging/hls/packager.ts';
import { storeCounted } from '../../server/recording/clips/countedMedia.fixture.ts';
import { openClips } from '../../server/recording/clips/openedClips.fixture.ts';
import { Downloads } from '../../server/recording/download/downloads.ts';
import type { TimelineReader } from '../../server/segments/timelineReader.ts';
import { quantile } from './quantile.ts';

const sources = { '1 min': 1, '10 min': 10, '2 h': 120 };
const clipsOfEach = 7;
const root = await mkdtemp(join(tmpdir(), 'tallylight-bench-'));
const opened = await openClips(root);
const packager = createHlsPackager();
const downloads = new Downloads({
  playing: (entryId) => opened.store.composed(entryId),
  nameOf: () => Promise.resolve('A source'),
  log: createLog('silent', false),
});

const seconds = (sinceMs: number) => (performance.now() - sinceMs) / 1000;

async function playlist(timeline: TimelineReader | undefined): Promise<void> {
  if (!timeline) throw new Error('there is nothing to play');
  const manifest = await packager.manifest(timeline, { path: 'v0.m3u8', query: '', nowMs: Date.now() });
  if (isRefusal(manifest)) throw new Error(manifest.message);
}

/** From asking to the playlist of the clip. */
async function clip(entryId: string, inMs: number, outMs: number): Promise<number> {
  const startedMs = performance.now();
  const started = await opened.clips.create({ sourceEntryId: entryId, parts: [{ inMs, outMs }] });
  if (isRefusal(started)) throw new Error(started.message);
  const refusal = await started.finished;
  if (refusal) throw new Error(refusal.message);
  await playlist(await opened.store.composed(started.entryId));
  return seconds(startedMs);
}

async function download(entryId: string) {
  const startedMs = performance.now();
  const found = await downloads.find({ entryId, flavor: 'v0' });
  if (isRefusal(found)) throw new Error(found.message);
  let firstByteSeconds = NaN;
  let bytes = 0;
  for await (const chunk of found.bytes.stream()) {
    if (bytes === 0) firstByteSeconds = seconds(startedMs);
    bytes += (chunk as Buffer).length;
  }
  return {
    firstByteSeconds,
    megabytes: bytes / 1e6,
    megabytesPerSecond: bytes / 1e6 / (seconds(startedMs) - firstByteSeconds),
  };
}

try {
  const minute = { seconds: 60, startMs: 1000, bFrames: 2, busy: true, height: 720, flavors: [480, 360] };
  const { segments } = await storeCounted(opened.store, { id: 'minute', entryId: 'minute' }, minute);
  const range = { timelineId: 'minute', first: segments[0]!.sequence, end: segments.at(-1)!.sequence + 1 };
  const rows: Record<string, string>[] = [];
  for (const [name, minutes] of Object.entries(sources)) {
    const { id } = await opened.entries.createVideo({
      name: `A source of ${name}`,
      origin: 'recording',
      status: 'ready',
      progress: null,
      failure: null,
      durationMs: minutes * 60_000,
      sourceEntryId: null,
      rootEntryId: null,
      trimmed: false,
      profileId: null,
    });
    await opened.store.compose(
      id,
      id,
      Array.from({ length: minutes }, () => range),
    );
    const times: number[] = [];
    for (let index = 0; index < clipsOfEach; index++) {
      const lengthMs = minutes * 60_000;
      times.push(await clip(id, lengthMs * 0.03 * (index + 1) + 717, lengthMs * (1 - 0.05 * (index + 1)) + 311));
    }
    const [cold = NaN] = times;
    const { firstByteSeconds, megabytes, megabytesPerSecond } = await download(id);
    rows.push({
      source: name,
      'clip p50': `${quantile(times, 0.5).toFixed(2)} s`,
      'clip worst': `${Math.max(...times).toFixed(2)} s`,
      'clip first': `${cold.toFixed(2)} s`,
      'download, first byte': `${firstByteSeconds.toFixed(2)} s`,
      download: `${megabytes.toFixed(0)} MB at ${megabytesPerSecond.toFixed(0)} MB/s`,
    });
  }
  console.table(rows);
} finally {
  await opened.close();
  await rm(root, { recursive: true, force: true });
}
