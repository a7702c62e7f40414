import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInit } from '../media/mp4/initSegment.ts';
import { readFragment } from '../media/mp4/mediaFragment.ts';
import { encodeMedia, type EncodedMedia } from '../packaging/encodedMedia.fixture.ts';
import { MemoryTimeline } from '../packaging/memoryTimeline.fixture.ts';
import {
  readSmoothFragment,
  readSmoothManifest,
  type ReadFragment,
  type ReadStream,
} from '../packaging/mss/readSmooth.fixture.ts';
import { ask, codeOf } from './ask.fixture.ts';
import { startDelivery, type DeliveryServer } from './deliveryServer.fixture.ts';

describe('Smooth Streaming over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smooth-'));
  let encoded: EncodedMedia;
  let timeline: MemoryTimeline;
  let server: DeliveryServer;

  beforeAll(async () => {
    encoded = await encodeMedia(1000, 12, 440, 2);
    timeline = new MemoryTimeline({ windowSeconds: 7200 });
    timeline.startPeriod(encoded.startMs, encoded.tracks);
    for (const segment of encoded.segments) timeline.add(segment);
    server = await startDelivery([timeline]);
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const manifest = async () => {
    const { body } = await ask(server.url('mss/Manifest'));
    return readSmoothManifest(body.toString());
  };
  const fragment = async (path: string) => readSmoothFragment((await ask(server.url(`mss/${path}`))).body);

  /** The store's samples of a track's segment, in units of 100 ns, from the first one on. */
  function storedSamples(trackId: string, index: number) {
    const track = encoded.tracks.find(({ id }) => id === trackId)!;
    const init = readInit(track.init);
    const { fragments, media } = encoded.segments[index]!.tracks[trackId]!;
    const samples = fragments!.flatMap(({ offset, bytes }) => {
      const part = media!.subarray(offset, offset + bytes);
      return readFragment(part, init).samples.map((sample) => ({
        data: part.subarray(sample.offset, sample.offset + sample.bytes),
        presented: sample.decodeTicks + sample.compositionTicks,
        sync: sample.sync,
      }));
    });
    const first = samples[0]!.presented;
    return samples.map(({ data, presented, sync }) => {
      return { data, presented: ((presented - first) / track.timescale) * 1e7, sync };
    });
  }

  function presentations({ samples }: ReadFragment): number[] {
    let decode = 0;
    return samples.map(({ duration, composition }) => {
      decode += duration;
      return decode - duration + composition;
    });
  }

  it('sends the manifest to any page, and fragments to be kept for a day', async () => {
    const { status, headers, body } = await ask(server.url('mss/Manifest'));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/vnd.ms-sstr+xml',
      'cache-control': 'public, max-age=1',
      'access-control-allow-origin': '*',
    });
    const [video] = readSmoothManifest(body.toString()).streams;
    const media = await ask(server.url(`mss/${video!.paths[0]}`));
    expect(media.status).toBe(200);
    expect(media.headers).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(media.body.length),
      'cache-control': 'public, max-age=86400, immutable',
    });
    const part = await ask(server.url(`mss/${video!.paths[0]}`), { headers: { Range: 'bytes=100-199' } });
    expect([part.status, part.body.equals(media.body.subarray(100, 200))]).toEqual([206, true]);
  });

  it('has the samples of the store, all of them, at their times, reordered or not', async () => {
    const { streams } = await manifest();
    const renditions: [ReadStream, number, string][] = [
      [streams[0]!, 0, 'v0'],
      [streams[0]!, 1, 'v1'],
      [streams[1]!, 0, 'a0'],
    ];
    let reordered = 0;
    for (const [stream, level, trackId] of renditions) {
      for (let index = 0; index < stream.chunks.length; index++) {
        const read = await fragment(stream.paths[level * stream.chunks.length + index]!);
        const stored = storedSamples(trackId, index);
        expect(read.samples.map(({ sync }) => sync)).toEqual(stored.map(({ sync }) => sync));
        read.samples.forEach(({ data }, at) => {
          // The first one has its parameter sets before it.
          const own = at === 0 ? data.subarray(data.length - stored[at]!.data.length) : data;
          expect(own.equals(stored[at]!.data)).toBe(true);
        });
        presentations(read).forEach((presented, at) => {
          expect(Math.abs(presented - stored[at]!.presented)).toBeLessThanOrEqual(1);
        });
        reordered += read.samples.filter(({ composition }) => composition !== 0).length;
      }
    }
    expect(reordered).toBeGreaterThan(100);
  });

  it('looks as what ffmpeg makes of the same media', async () => {
    for (const { id, init } of encoded.tracks) {
      const media = encoded.segments.slice(0, 5).map(({ tracks }) => tracks[id]!.media!);
      writeFileSync(join(folder, `${id}.mp4`), Buffer.concat([init, ...media]));
    }
    const inputs = ['v0', 'v1', 'a0'].flatMap((id) => ['-i', join(folder, `${id}.mp4`)]);
    const output = join(folder, 'oracle');
    const maps = ['-map', '0', '-map', '1', '-map', '2', '-c', 'copy', '-copyts', '-min_frag_duration', '2000000'];
    execFileSync('ffmpeg', ['-v', 'error', ...inputs, ...maps, '-f', 'smoothstreaming', output]);
    const [own, other] = [await manifest(), readSmoothManifest(readFileSync(join(output, 'Manifest'), 'utf8'))];
    expect(own.attributes).toMatchObject({ MajorVersion: other.attributes['MajorVersion'] });
    for (const [index, stream] of other.streams.entries()) {
      const mine = own.streams[index]!;
      expect(mine.attributes).toMatchObject({
        Type: stream.attributes['Type'],
        QualityLevels: stream.attributes['QualityLevels'],
        Url: expect.stringContaining(stream.attributes['Url']!) as string,
      });
      for (const [at, { Bitrate: _, CodecPrivateData: sets, ...level }] of stream.levels.entries()) {
        expect(mine.levels[at]).toMatchObject(level);
        expect(mine.levels[at]!['CodecPrivateData']!.toLowerCase()).toBe(sets!.toLowerCase());
      }
    }
    const folders = readdirSync(output).filter((name) => name.startsWith('QualityLevels'));
    expect(folders).toHaveLength(3);
    const name = readdirSync(join(output, folders[0]!)).find((file) => file.startsWith('Fragments'));
    const bytes = readFileSync(join(output, folders[0]!, name!));
    const mine = (await ask(server.url(`mss/${own.streams[0]!.paths[0]}`))).body;
    const structure = (from: Buffer) =>
      boxTypes(from, 0, from.length).filter((type) => type !== 'free' && type !== 'uuid');
    expect(structure(mine)).toEqual(structure(bytes));
    expect(mine.includes(Buffer.from('6d1d9b0542d544e680e2141daff757b201000000', 'hex'))).toBe(true);
    expect(bytes.includes(Buffer.from('6d1d9b0542d544e680e2141daff757b201000000', 'hex'))).toBe(true);
  });

  it('holds a fragment back until its follower is there, and gives up when it does not come', async () => {
    const growing = new MemoryTimeline({ windowSeconds: 7200, entryId: '0_growing0' });
    growing.startPeriod(encoded.startMs, encoded.tracks);
    for (const segment of encoded.segments.slice(0, 5)) growing.add(segment);
    const other = await startDelivery([growing]);
    try {
      const read = async () =>
        readSmoothManifest((await ask(other.url('mss/Manifest', '0_growing0'))).body.toString()).streams[0]!;
      const before = await read();
      const announced = before.chunks.at(-1)!.t + 20_000_000;
      const path = `mss/${before.paths[0]!.replace(/=\d+\)$/, `=${announced})`)}`;
      const early = ask(other.url(path, '0_growing0'));
      growing.add(encoded.segments[5]!);
      const { status, body } = await early;
      expect(status).toBe(200);
      expect(readSmoothFragment(body).next).toEqual([{ start: announced + 20_000_000, duration: 20_000_000 }]);
      expect((await read()).chunks.at(-1)!.t).toBe(announced);
      const tooEarly = await ask(
        other.url(path.replace(String(announced), String(announced + 20_000_000)), '0_growing0'),
      );
      expect([tooEarly.status, codeOf(tooEarly.body)]).toEqual([404, 'segmentNotFound']);
    } finally {
      await other.close();
    }
  }, 20_000);

  it.each([
    ['manifest', 'notFound'],
    ['Manifest/', 'notFound'],
    ['AAAAAAAA/QualityLevels(800000)/Fragments(video=10000000)', 'segmentNotFound'],
    ['TAG/QualityLevels(800000)/Fragments(video=10000001)', 'segmentNotFound'],
    ['TAG/QualityLevels(800000)/Fragments(video=999999999999999)', 'segmentNotFound'],
    ['TAG/QualityLevels(800000)/Fragments(audio=10000000)', 'trackNotFound'],
    ['TAG/QualityLevels(1)/Fragments(video=10000000)', 'trackNotFound'],
    ['TAG/QualityLevels(0800000)/Fragments(video=10000000)', 'notFound'],
    ['TAG/QualityLevels(800000)/Fragments(video=010000000)', 'notFound'],
    ['TAG/QualityLevels(800000)/Fragments(video=-1)', 'notFound'],
    ['TAG/QualityLevels(8e5)/Fragments(video=10000000)', 'notFound'],
    ['TAG/QualityLevels(800000)/Fragments(text=10000000)', 'notFound'],
    ['TAG/QualityLevels(800000)/RawFragments(video=10000000)', 'notFound'],
    ['TAG/QualityLevels(800000)/../Fragments(video=10000000)', 'notFound'],
    ['TAG/QualityLevels(800000)/Fragments(video=10000000)/x', 'notFound'],
    ['TAG/QualityLevels%28800000%29/Fragments(video=10000000)', 'notFound'],
    [`TAG/QualityLevels(${'9'.repeat(9000)})/Fragments(video=10000000)`, 'notFound'],
  ])('refuses %.80s', async (path, code) => {
    const tag = (await manifest()).streams[0]!.paths[0]!.slice(0, 8);
    const startMs = performance.now();
    const url = `/play/0_abcd1234/mss/${path.replace('TAG', tag)}`;
    const { status, body } = await ask(server.baseUrl, { path: url });
    expect([status, codeOf(body)]).toEqual([404, code]);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

/** Types of the boxes and, indented, of those inside `moof` and `traf`. */
function boxTypes(bytes: Buffer, start: number, end: number): string[] {
  const types: string[] = [];
  for (let at = start; at < end; at += bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    types.push(type);
    if (type === 'moof' || type === 'traf') types.push(...boxTypes(bytes, at + 8, at + bytes.readUInt32BE(at)));
  }
  return types;
}
