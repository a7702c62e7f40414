import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog, type Logger } from '../log.ts';
import { makeDirectory, openStore, removeDirectory, type OpenedStore } from './openedStore.fixture.ts';
import type { NewFragment, TimelineWriter, TrackWithInit } from './segmentStore.ts';
import { StorageError } from './storageError.ts';

const track: TrackWithInit = {
  kind: 'audio',
  id: 'a0',
  codec: 'mp4a.40.2',
  timescale: 1000,
  bitrateBps: 128_000,
  sampleRate: 48_000,
  channels: 2,
  init: Buffer.alloc(600),
};

let root: string;
let opened: OpenedStore;
let lines: string[];

/** Keeps the sentences that a log would write. */
function listeningLog(): Logger {
  const log = createLog('silent', false);
  return Object.assign(log, {
    child: () => log,
    error: (_fields: unknown, message: string) => lines.push(message),
    info: (message: string) => lines.push(message),
  });
}

beforeEach(async () => {
  lines = [];
  root = await makeDirectory();
});

afterEach(async () => {
  await opened.close();
  await removeDirectory(root);
});

function fragment(startTicks: number, bytes: number): NewFragment {
  return { startTicks, durationTicks: 2000, independent: true, data: Buffer.alloc(bytes, 1) };
}

async function start(maxHeldBytes = 64e6) {
  opened = await openStore(root, { maxHeldBytes }, listeningLog());
  const writer = await opened.store.write({ id: 'one', entryId: '0_entry001', epochMs: 0, windowSeconds: 0 });
  return { writer, period: await writer.startPeriod({ startMs: 0, tracks: [track] }) };
}

const at = (index: number) => ({ startMs: index * 2000, wallClockMs: index * 2000 });
const shape = ({ timeline }: TimelineWriter) =>
  timeline.segments.map(({ sequence, period, startMs }) => [sequence, period, startMs]);

describe('a disk that fails', () => {
  it('fails the segment clearly, goes on in a new period by itself, and says so once', async () => {
    const { writer, period } = await start();
    const first = period.openSegment(at(0));
    first.append('a0', fragment(0, 100));
    await first.complete();
    await rm(join(opened.directory, 'one/0/a0'), { recursive: true });
    await writeFile(join(opened.directory, 'one/0/a0'), 'in the way');
    const broken = period.openSegment(at(1));
    const alsoBroken = period.openSegment(at(2));
    alsoBroken.append('a0', fragment(4000, 100));
    broken.append('a0', fragment(2000, 100));
    await expect(broken.complete()).rejects.toThrow(StorageError);
    broken.append('a0', fragment(3000, 100));
    await expect(alsoBroken.complete()).rejects.toThrow('Media could not be stored');
    const next = period.openSegment(at(3));
    next.append('a0', fragment(6000, 100));
    await next.complete();
    expect(next.sequence).toBe(1);
    expect(shape(writer)).toEqual([
      [0, 0, 0],
      [1, 1, 6000],
    ]);
    expect(lines).toEqual([expect.stringContaining('Media could not be stored'), 'media is being stored again']);
  });

  it('publishes what was complete before the failure', async () => {
    const { writer, period } = await start(1000);
    const first = period.openSegment(at(0));
    first.append('a0', fragment(0, 900));
    const published = first.complete();
    const second = period.openSegment(at(1));
    second.append('a0', fragment(2000, 900));
    await published;
    await expect(second.complete()).rejects.toThrow('too slow');
    expect(shape(writer)).toEqual([[0, 0, 0]]);
    const files = () => readdirSync(join(opened.directory, 'one/0/a0')).toSorted();
    await expect.poll(files).toEqual(['0.m4s', 'init.mp4']);
  });

  it('holds no more than it may in memory, and takes media again when there is room', async () => {
    const { writer, period } = await start(1000);
    for (let index = 0; index < 5; index++) {
      const tooMuch = period.openSegment(at(index));
      tooMuch.append('a0', fragment(0, 600));
      tooMuch.append('a0', fragment(0, 600));
      void tooMuch.complete();
      await expect(tooMuch.complete()).rejects.toThrow('too slow');
    }
    const enough = period.openSegment(at(5));
    enough.append('a0', fragment(10_000, 1000));
    await enough.complete();
    expect(shape(writer)).toEqual([[0, 0, 10_000]]);
    expect(lines).toHaveLength(2);
  });

  it('rejects a period that cannot be stored', async () => {
    const { writer } = await start();
    await rm(join(opened.directory, 'one'), { recursive: true });
    await writeFile(join(opened.directory, 'one'), 'in the way');
    await expect(writer.startPeriod({ startMs: 0, tracks: [track] })).rejects.toThrow(StorageError);
    await rm(join(opened.directory, 'one'));
    await expect(writer.startPeriod({ startMs: 0, tracks: [track] })).resolves.toBeDefined();
  });

  it('fails segments, not the process, when the index is gone', async () => {
    const { writer, period } = await start();
    await opened.database.destroy();
    const segment = period.openSegment(at(0));
    segment.append('a0', fragment(0, 100));
    await expect(segment.complete()).rejects.toThrow(StorageError);
    writer.setWindow(30);
    await writer.end();
    expect(writer.timeline).toMatchObject({ ended: true, segments: [] });
  });

  const small = canMount();
  it.skipIf(!small)('says that the disk is full, and goes on when there is room', async () => {
    const { writer, period } = await start();
    const media = join(opened.directory, 'one');
    await mkdir(media, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', media]);
    try {
      const full = await writer.startPeriod({ startMs: 0, tracks: [track] });
      const large = full.openSegment(at(0));
      large.append('a0', fragment(0, 20_000));
      large.append('a0', fragment(1000, 60_000));
      await expect(large.complete()).rejects.toThrow('the disk is full');
      await expect.poll(() => readdirSync(join(media, '1/a0'))).toEqual(['init.mp4']);
      const next = full.openSegment(at(1));
      next.append('a0', fragment(2000, 20_000));
      await next.complete();
      expect(shape(writer)).toEqual([[0, 0, 2000]]);
      expect((await writer.timeline.media(0, 'a0')!.buffer()).length).toBe(20_000);
    } finally {
      execFileSync('umount', ['-l', media]);
    }
    expect(period).toBeDefined();
  });
});

function canMount(): boolean {
  const path = join(tmpdir(), `tallylight-mount-${process.pid}`);
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', path], { stdio: 'ignore' });
    execFileSync('umount', [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    void rm(path, { recursive: true, force: true });
  }
}
