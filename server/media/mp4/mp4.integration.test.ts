import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAvcConfiguration, parseAvcConfiguration } from '../codecs/h264.ts';
import { readInit, type InitSegment } from './initSegment.ts';
import { readFragment } from './mediaFragment.ts';
import { Mp4Splitter } from './mp4Splitter.ts';
import { replaceAvcConfiguration } from './replaceAvcConfiguration.ts';
import { scanFragments } from './scanFragments.ts';
import { mergeFragments } from './mergeFragments.ts';

const folder = mkdtempSync(join(tmpdir(), 'mp4-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makeFile(name: string, ...encoder: readonly string[]): Buffer {
  const path = join(folder, name);
  const cmaf = '+cmaf+frag_keyframe+empty_moov+default_base_moof+skip_trailer+frag_discont';
  const muxer = ['-frag_duration', '395000', '-output_ts_offset', '100000', '-movflags', cmaf, '-f', 'mp4', path];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...encoder, '-t', '5', ...muxer]);
  return readFileSync(path);
}

/** What mp4box makes of the same bytes. */
function readWithMp4box(bytes: Uint8Array) {
  const file = createFile();
  const buffer = MP4BoxBuffer.fromArrayBuffer(new Uint8Array(bytes).buffer, 0);
  file.appendBuffer(buffer);
  file.flush();
  const [track] = file.getInfo().tracks;
  return { track: track!, samples: file.getTrackSamplesInfo(track!.id) };
}

function split(bytes: Uint8Array): { init: InitSegment; initBytes: Uint8Array; fragments: Uint8Array[] } {
  const [first, ...rest] = new Mp4Splitter().push(bytes);
  return { init: readInit(first!.data), initBytes: first!.data, fragments: rest.map(({ data }) => data) };
}

function decodes(bytes: Uint8Array): string {
  return execFileSync('ffmpeg', ['-v', 'error', '-xerror', '-i', 'pipe:0', '-f', 'null', '-'], {
    input: bytes,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

let video: Buffer;
let audio: Buffer;
beforeAll(() => {
  video = makeFile(
    'v.mp4',
    ...'-f lavfi -i testsrc2=s=318x180:r=25 -c:v libx264 -preset ultrafast -g 50 -bf 2'.split(' '),
  );
  audio = makeFile('a.mp4', ...'-f lavfi -i sine=f=440:r=44100 -c:a aac -ac 1'.split(' '));
});

describe('the MP4 reader, on files made by ffmpeg', () => {
  it('says of a video track what mp4box says', () => {
    const { init } = split(video);
    const { track } = readWithMp4box(video);
    expect(init.kind === 'video' && [init.codec, init.width, init.height, init.timescale, init.trackId]).toEqual([
      track.codec,
      track.video?.width,
      track.video?.height,
      track.timescale,
      track.id,
    ]);
  });

  it('says of an audio track what mp4box says, and its channels, which the sample entry does not know', () => {
    const { init } = split(audio);
    const { track } = readWithMp4box(audio);
    expect(init.kind === 'audio' && [init.codec, init.sampleRate, init.timescale, init.channels]).toEqual([
      track.codec,
      track.audio?.sample_rate,
      track.timescale,
      1,
    ]);
  });

  it.each(['video', 'audio'])('finds the same %s samples as mp4box', (kind) => {
    const file = kind === 'video' ? video : audio;
    const { init, fragments } = split(file);
    const own = fragments.flatMap((bytes) => readFragment(bytes, init).samples.map((sample) => ({ sample, bytes })));
    const { samples } = readWithMp4box(file);
    expect(own.length).toBe(samples.length);
    expect(own.map(({ sample }) => [sample.decodeTicks, sample.durationTicks, sample.bytes, sample.sync])).toEqual(
      samples.map(({ dts, duration, size, is_sync: sync }) => [dts, duration, size, sync]),
    );
    expect(own.map(({ sample }) => sample.decodeTicks + sample.compositionTicks)).toEqual(
      samples.map(({ cts }) => cts),
    );
  });

  it('finds fragments that follow each other without gap or overlap, B-frames or not', () => {
    for (const file of [video, audio]) {
      const { init, initBytes } = split(file);
      const fragments = scanFragments(file.subarray(initBytes.length), init);
      expect(fragments.length).toBeGreaterThan(8);
      fragments.slice(1).forEach(({ startTicks }, index) => {
        expect(startTicks).toBe(fragments[index]!.startTicks + fragments[index]!.durationTicks);
      });
      expect(fragments[0]!.startTicks / init.timescale).toBeCloseTo(100_000, 0);
    }
  });

  it('merges fragments into ones that mp4box and ffmpeg read', () => {
    for (const file of [video, audio]) {
      const { init, initBytes, fragments } = split(file);
      const read = fragments.map((data) => ({ data, media: readFragment(data, init) }));
      const merged = [read.slice(0, 3), read.slice(3)].map((some) => mergeFragments(some, init));
      const whole = Buffer.concat([initBytes, ...merged]);
      const describeSamples = (bytes: Uint8Array) =>
        readWithMp4box(bytes).samples.map(({ dts, cts, duration, size, is_sync: sync }) => [
          dts,
          cts,
          duration,
          size,
          sync,
        ]);
      expect(describeSamples(whole)).toEqual(describeSamples(file));
      expect(decodes(whole)).toBe('');
    }
  });

  it('patches an init segment so that mp4box reads the new size and ffmpeg decodes media of that size', () => {
    const other = makeFile(
      'o.mp4',
      ...'-f lavfi -i testsrc2=s=180x318:r=25 -c:v libx264 -preset ultrafast -g 50'.split(' '),
    );
    const { init, fragments } = split(other);
    if (init.kind !== 'video') throw new Error('not a video');
    const { sps, pps } = parseAvcConfiguration(init.avcC);
    const avcC = buildAvcConfiguration(sps[0]!, pps[0]!);
    const patched = replaceAvcConfiguration(split(video).initBytes, avcC, 180, 318);
    const { track } = readWithMp4box(patched);
    expect([track.video?.width, track.video?.height, track.track_width, track.track_height]).toEqual([
      180, 318, 180, 318,
    ]);
    expect(decodes(Buffer.concat([patched, ...fragments]))).toBe('');
  });
});
