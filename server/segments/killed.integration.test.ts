import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { makeCmaf, run } from './cmaf.fixture.ts';
import { makeDirectory, openStore, removeDirectory } from './openedStore.fixture.ts';
import type { TimelineReader } from './timelineReader.ts';

const program = join(import.meta.dirname, 'writeUntilKilled.fixture.ts');
const epochMs = 1_700_000_000_000;

/** Lets it write for a while, kills it, and returns how many fragments of each track it had begun. */
async function writeAndKill(root: string, fragments: number, delayMs: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [program, root, String(epochMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const begun = new Map<string, number>();
  let total = 0;
  for await (const line of createInterface(child.stdout)) {
    begun.set(line, (begun.get(line) ?? 0) + 1);
    if (++total !== fragments) continue;
    await wait(delayMs);
    child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return begun;
}

function storedFragments(timeline: TimelineReader, period: number, trackId: string): number {
  const segments = timeline.segments.filter((segment) => segment.period === period);
  return segments.reduce((count, { tracks }) => count + (tracks[trackId]?.fragments.length ?? 0), 0);
}

async function trackBytes(timeline: TimelineReader, period: number, trackId: string): Promise<Buffer> {
  const parts = [timeline.init(period, trackId)!];
  for (const { sequence, tracks, period: own } of timeline.segments)
    if (own === period && tracks[trackId]) parts.push(timeline.media(sequence, trackId)!);
  return Buffer.concat(await Promise.all(parts.map((part) => part.buffer())));
}

it('loses at most the fragment being written when it is killed, time after time', { timeout: 180_000 }, async () => {
  const root = await makeDirectory();
  try {
    const made = await makeCmaf(8);
    await writeFile(join(root, 'media.bin'), serialize([made.v0, made.a0]));
    let before: TimelineReader['segments'] = [];
    for (let round = 0; round < 6; round++) {
      const begun = await writeAndKill(root, 1 + Math.floor(Math.random() * 60), Math.random() * 4);
      const opened = await openStore(root);
      const timeline = opened.store.timeline('killed')!;
      expect(timeline.segments.slice(0, before.length)).toEqual(before);
      expect(timeline.segments.map(({ sequence }) => sequence)).toEqual(timeline.segments.map((_, index) => index));
      // A recording of it, which was composed anew each time, has all of that.
      const recording = (await opened.store.composed('recording'))!;
      expect([recording.id, recording.segments, recording.periods]).toEqual([
        'killed',
        timeline.segments,
        timeline.periods,
      ]);
      const newest = timeline.periods.at(-1)?.index ?? -1;
      const isNew = newest > (before.at(-1)?.period ?? -1);
      let lost = 0;
      for (const [id, count] of begun) {
        const stored = isNew ? storedFragments(timeline, newest, id) : 0;
        expect(stored).toBeLessThanOrEqual(count);
        lost += count - stored;
      }
      expect(lost).toBeLessThanOrEqual(1);
      before = timeline.segments;
      await opened.close();
    }
    const opened = await openStore(root);
    const timeline = opened.store.timeline('killed')!;
    expect(timeline.periods.length).toBeGreaterThan(3);
    for (const { index, tracks } of timeline.periods)
      for (const { id } of tracks)
        if (storedFragments(timeline, index, id) > 0)
          await run('ffmpeg', '-v error -xerror -i pipe:0 -f null -'.split(' '), await trackBytes(timeline, index, id));
    await opened.close();
  } finally {
    await removeDirectory(root);
  }
});
