import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCmaf, shifted, type MadeTrack } from './cmaf.fixture.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from './openedStore.fixture.ts';
import type { PeriodWriter, TimelineWriter } from './segmentStore.ts';

let made: { v0: MadeTrack; a0: MadeTrack };
let root: string;
let opened: OpenedStore;
const epochMs = 1_700_000_000_000;

beforeAll(async () => {
  made = await makeCmaf(4);
});

beforeEach(async () => {
  root = await makeDirectory();
  opened = await openStore(root);
});

afterEach(async () => {
  await opened.close();
  await removeDirectory(root);
});

async function begin(): Promise<{ writer: TimelineWriter; period: PeriodWriter }> {
  const writer = await opened.store.write({ id: 'one', entryId: '0_entry001', epochMs, windowSeconds: 60 });
  return { writer, period: await writer.startPeriod({ startMs: 0, tracks: [made.v0.track, made.a0.track] }) };
}

/** Shown once its period can be read from. */
function shown(writer: TimelineWriter): Promise<void> {
  if (writer.timeline.growing.length > 0) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = writer.timeline.onGrown(() => {
      stop();
      resolve();
    });
  });
}

describe('a segment that is being written', () => {
  it('can be read fragment by fragment, and is the same once it is complete', async () => {
    const { writer, period } = await begin();
    const { timeline } = writer;
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    await shown(writer);
    const before = timeline.growth;
    segment.append('v0', made.v0.fragments[0]!);
    segment.append('v0', made.v0.fragments[1]!);
    expect(timeline.growth).toBe(before + 2);
    expect(timeline.segments).toEqual([]);
    const [growing] = timeline.growing;
    expect(growing).toMatchObject({ sequence: 0, startMs: 0, wallClockMs: epochMs, period: { index: 0 } });
    expect(growing!.fragments.get('v0')).toHaveLength(2);
    expect(growing!.fragments.has('a0')).toBe(false);
    expect(await timeline.init(0, 'v0')!.buffer()).toEqual(Buffer.from(made.v0.track.init));
    const second = await timeline.fragment(0, 'v0', 1)!.buffer();
    expect(second).toEqual(Buffer.from(made.v0.fragments[1]!.data));
    expect(timeline.fragment(0, 'v0', 2)).toBeUndefined();

    await segment.complete();
    expect(timeline.growing).toEqual([]);
    expect(await timeline.fragment(0, 'v0', 1)!.buffer()).toEqual(second);
    expect(timeline.segments[0]!.tracks['v0']!.fragments).toEqual(growing!.fragments.get('v0'));
  });

  it('is followed from its first byte to its last, by a reader who came before it had any', async () => {
    const { writer, period } = await begin();
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    await shown(writer);
    const early = writer.timeline.follow(0, 'v0')!;
    const first = new Promise<Buffer>((resolve) => early.once('data', resolve));
    segment.append('v0', made.v0.fragments[0]!);
    expect(await first).toEqual(Buffer.from(made.v0.fragments[0]!.data));
    const late = buffer(writer.timeline.follow(0, 'v0')!);
    const silent = buffer(writer.timeline.follow(0, 'a0')!);
    segment.append('v0', made.v0.fragments[1]!);
    await segment.complete();
    expect(await late).toEqual(await writer.timeline.media(0, 'v0')!.buffer());
    expect((await silent).length).toBe(0);
    expect(writer.timeline.follow(0, 'v0')).toBeUndefined();
    expect(writer.timeline.follow(1, 'v9')).toBeUndefined();
  });

  it('keeps its number while the one before it waits for its last bytes, and shows a new period with its first segment', async () => {
    const { writer, period } = await begin();
    const first = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    first.append('v0', made.v0.fragments[0]!);
    const next = await writer.startPeriod({ startMs: 2000, tracks: [made.v0.track] });
    const second = next.openSegment({ startMs: 2000, wallClockMs: epochMs + 2000 });
    second.append('v0', shifted(made.v0.fragments[0]!, 2 * made.v0.track.timescale));
    await shown(writer);
    const numbers = () => writer.timeline.growing.map(({ sequence, period: { index } }) => [sequence, index]);
    expect(numbers()).toEqual([
      [0, 0],
      [1, 1],
    ]);
    await first.complete();
    expect(numbers()).toEqual([[1, 1]]);
    expect(await writer.timeline.init(1, 'v0')!.buffer()).toEqual(Buffer.from(made.v0.track.init));
    await second.complete();
    expect(writer.timeline.periods.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('fails its followers when it cannot be stored, and is shown no more', async () => {
    const { writer, period } = await begin();
    await rm(join(opened.directory, 'one'), { recursive: true });
    await writeFile(join(opened.directory, 'one'), 'not a folder');
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    await shown(writer);
    const followed = buffer(writer.timeline.follow(0, 'v0')!);
    segment.append('v0', made.v0.fragments[0]!);
    await expect(followed).rejects.toThrow('could not be stored');
    expect(writer.timeline.growing).toEqual([]);
    await expect(segment.complete()).rejects.toThrow('stored');
  });

  it('lets go of a reader who has left', async () => {
    const { writer, period } = await begin();
    const segment = period.openSegment({ startMs: 0, wallClockMs: epochMs });
    await shown(writer);
    const reader = writer.timeline.follow(0, 'v0')!;
    reader.destroy();
    segment.append('v0', made.v0.fragments[0]!);
    await segment.complete();
    expect(reader.destroyed).toBe(true);
    expect(reader.readableLength).toBe(0);
  });
});
