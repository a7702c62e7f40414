import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { deserialize } from 'node:v8';
import { shifted, type MadeTrack } from './cmaf.fixture.ts';
import { openStore } from './openedStore.fixture.ts';

/**
 * A process to be killed. Writes the media in `media.bin` over and over to the timeline `killed`, each fragment once the
 * one before it is in its file, and says `<track>` on standard output before it begins one.
 */
const [root = '', epoch = '0'] = process.argv.slice(2);
const epochMs = Number(epoch);
const media = deserialize(await readFile(join(root, 'media.bin'))) as MadeTrack[];
const { store, directory } = await openStore(root);
const writer = await store.write({ id: 'killed', entryId: '0_entry001', epochMs, windowSeconds: 0 });
await store.compose('recording', '0_record01', [{ timelineId: 'killed', first: 0, end: null }]);
const originMs = writer.nextStartMs(epochMs);
const period = await writer.startPeriod({ startMs: originMs, tracks: media.map(({ track }) => track) });
const folder = Math.max(...readdirSync(join(directory, 'killed')).map(Number));

async function untilWritten(file: number, trackId: string, bytes: number): Promise<void> {
  const path = join(directory, 'killed', String(folder), trackId, `${file}.m4s`);
  const size = () =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  while ((await size()) < bytes) await wait(1);
}

for (let count = 0; ; count++) {
  const startMs = originMs + count * 2000;
  const segment = period.openSegment({ startMs, wallClockMs: epochMs + startMs });
  const file = segment.sequence;
  const round = Math.floor(count / 4) * 8;
  const bytes = new Map<string, number>();
  for (let step = (count % 4) * 4; step < (count % 4) * 4 + 4; step++) {
    for (const { track, fragments } of media) {
      const { id, timescale } = track;
      const fragment = shifted(fragments[step]!, Math.round((originMs * timescale) / 1000) + round * timescale);
      bytes.set(id, (bytes.get(id) ?? 0) + fragment.data.length);
      process.stdout.write(`${id}\n`);
      segment.append(id, fragment);
      await untilWritten(file, id, bytes.get(id)!);
    }
  }
  // Sometimes the next segment is begun before the row of this one is there.
  if (count % 2 === 0) await segment.complete();
  else void segment.complete();
}
