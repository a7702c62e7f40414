import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../errors.ts';
import { flvHeader } from '../../media/flv/flvWriter.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { encodeMedia, type EncodedMedia } from '../encodedMedia.fixture.ts';
import { MemoryTimeline } from '../memoryTimeline.fixture.ts';
import { createHdsPackager } from './packager.ts';
import { mdatOf, readBootstrap, readTags, type ReadTag } from './readHds.fixture.ts';

const run = promisify(execFile);
const seconds = 7;
const startMs = 1000;

interface Packet {
  readonly pts: number;
  readonly key: boolean;
  /** Of the payload. */
  readonly hash: string;
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hds-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Packets of one stream as ffprobe finds them, in ms. */
async function packets(file: string, stream: string): Promise<Packet[]> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    stream,
    '-show_packets',
    '-show_data_hash',
    'MD5',
    '-of',
    'json',
    file,
  ];
  const { stdout } = await run('ffprobe', args, { maxBuffer: 64 * 1024 * 1024 });
  const read = JSON.parse(stdout) as {
    packets: { pts_time: string; flags: string; data_hash: string }[];
  };
  return read.packets.map(({ pts_time, flags, data_hash }) => ({
    pts: Number(pts_time) * 1000,
    key: flags.startsWith('K'),
    hash: data_hash,
  }));
}

async function fragment(timeline: MemoryTimeline, packager: ReturnType<typeof createHdsPackager>, name: string) {
  const media = await packager.media(timeline, `${timelineTag(timeline)}/${name}`);
  if (isRefusal(media)) throw new Error(`${name}: ${media.refused}`);
  if ('following' in media) throw new Error('made media is whole');
  const bytes = await media.bytes.buffer();
  expect(media.bytes.length).toBe(bytes.length);
  return bytes;
}

describe.each([0, 3])('HDS of media with %i B-frames in a row', (bFrames) => {
  let media: EncodedMedia;
  let timeline: MemoryTimeline;
  let fragments: Map<string, Buffer[]>;
  /** All fragments of a rendition as one FLV file; the store's tracks as MP4 files. */
  const file = (name: string) => join(directory, `${name}-${bFrames}`);

  beforeAll(async () => {
    media = await encodeMedia(startMs, seconds, 440, bFrames);
    timeline = new MemoryTimeline({ firstSequence: 5 });
    timeline.startPeriod(startMs, media.tracks);
    for (const segment of media.segments) timeline.add(segment);
    timeline.end();
    fragments = new Map();
    const packager = createHdsPackager();
    for (const id of ['v0', 'v1', 'a0']) {
      const numbers = timeline.segments.map(({ sequence }) => sequence + 1);
      const made = await Promise.all(numbers.map((number) => fragment(timeline, packager, `${id}Seg1-Frag${number}`)));
      fragments.set(id, made);
      const header = flvHeader({ video: id !== 'a0', audio: true });
      await writeFile(file(`${id}.flv`), Buffer.concat([header, ...made.map(mdatOf)]));
      const { init } = media.tracks.find((track) => track.id === id)!;
      await writeFile(
        file(`${id}.mp4`),
        Buffer.concat([init, ...media.segments.map(({ tracks }) => tracks[id]!.media!)]),
      );
    }
  });

  it('is decoded by ffmpeg, every frame and without complaint', async () => {
    for (const id of ['v0', 'v1']) {
      const args = ['-v', 'warning', '-xerror', '-i', file(`${id}.flv`), '-map', '0:v', '-map', '0:a'];
      const { stdout, stderr } = await run('ffmpeg', [...args, '-f', 'null', '-progress', 'pipe:1', '-']);
      expect(stderr).toBe('');
      expect([...stdout.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1]).toBe(String(seconds * 30));
    }
  });

  it('has the stored samples, byte for byte, in their order and at their times', async () => {
    for (const [id, stream, source] of [
      ['v0', 'v', 'v0'],
      ['v1', 'v', 'v1'],
      ['v1', 'a', 'a0'],
      ['a0', 'a', 'a0'],
    ] as const) {
      const [made, stored] = [await packets(file(`${id}.flv`), stream), await packets(file(`${source}.mp4`), stream)];
      expect(made.length).toBeGreaterThan(seconds * 29);
      expect(Math.abs(made[0]!.pts - (stream === 'v' ? startMs : stored[0]!.pts))).toBeLessThan(1);
      // ffmpeg reads CMAF with negative composition offsets late by the largest of them: only distances are comparable.
      const compared = (all: readonly Packet[]) =>
        all.map(({ pts, key, hash }) => ({ sincePts: Math.round(pts - all[0]!.pts), key, hash }));
      expect(compared(made)).toEqual(compared(stored));
    }
  });

  it('decodes nothing after it is shown, nor before its fragment, nor out of turn', () => {
    for (const id of ['v0', 'v1']) {
      const video = fragments.get(id)!.map((bytes) => readTags(mdatOf(bytes)).filter(({ type }) => type === 9));
      video.forEach((tags, index) => expect(tags[0]!.timestamp).toBe(media.segments[index]!.startMs));
      const frames = video.flat().filter(({ packetType }) => packetType === 1);
      expect(frames.every(({ composition }) => composition >= 0)).toBe(true);
      expect(frames.some(({ composition }) => composition > 0)).toBe(bFrames > 0);
      for (let index = 1; index < frames.length; index++)
        expect(frames[index]!.timestamp).toBeGreaterThan(frames[index - 1]!.timestamp);
    }
  });

  it('begins each fragment with what decoders need, and has tags in the order of their times', () => {
    for (const [id, expected] of [
      ['v0', ['9 23 0', '8 175 0', '9 23 1']],
      ['a0', ['8 175 0', '8 175 1']],
    ] as const) {
      for (const bytes of fragments.get(id)!) {
        const tags = readTags(mdatOf(bytes));
        const describeTag = ({ type, format, packetType }: ReadTag) => `${type} ${format} ${packetType}`;
        // The first frame of all may be of sound that begins a little early.
        const begin = tags.slice(0, expected.length).map(describeTag);
        expect(begin.slice(0, -1)).toEqual(expected.slice(0, -1));
        expect([expected.at(-1), '8 175 1']).toContain(begin.at(-1));
        expect(tags.find(({ type, packetType }) => type === 9 && packetType === 1)?.format ?? 23).toBe(23);
        for (let index = 1; index < tags.length; index++)
          expect(tags[index]!.timestamp).toBeGreaterThanOrEqual(tags[index - 1]!.timestamp);
      }
    }
  });

  it('is built as ffmpeg builds it: the same configurations, payloads and tags, its own boxes', async () => {
    const output = file('ffmpeg-hds');
    const args = [
      '-v',
      'error',
      '-i',
      file('v0.mp4'),
      '-i',
      file('a0.mp4'),
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c',
      'copy',
    ];
    await run('ffmpeg', [...args, '-f', 'hds', '-min_frag_duration', '1000000', output]);
    const names = (await readdir(output)).filter((name) => /^stream0Seg1-Frag\d+$/.test(name));
    const number = (name: string) => Number(/\d+$/.exec(name)![0]);
    const theirs = await Promise.all(
      names.toSorted((a, b) => number(a) - number(b)).map((name) => readFile(join(output, name))),
    );
    const bootstrap = readBootstrap(await readFile(join(output, 'stream0.abst')));
    expect(bootstrap.segmentRuns).toEqual([{ firstSegment: 1, fragmentsPerSegment: theirs.length }]);
    const ours = fragments.get('v0')!;
    expect(theirs.length).toBe(ours.length);
    const kinds = (bytes: Buffer, type: number) => {
      const tags = readTags(mdatOf(bytes)).filter((tag) => tag.type === type);
      return tags.map(({ format, packetType, payload }) => `${format} ${packetType} ${payload.toString('base64')}`);
    };
    ours.forEach((bytes, index) => expect(kinds(bytes, 9)).toEqual(kinds(theirs[index]!, 9)));
    // ffmpeg puts each sound frame into the fragment that is open when it comes, so that only the whole is alike.
    const sound = (all: readonly Buffer[]) =>
      all.flatMap((bytes) => kinds(bytes, 8)).filter((tag) => !tag.startsWith('175 0'));
    expect(sound(ours)).toEqual(sound(theirs));
    expect(kinds(ours[0]!, 8)[0]).toBe(kinds(theirs[0]!, 8)[0]);
  });
});
