import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceTracks } from '../media/track.ts';
import { parseAudioSpecificConfig } from '../media/codecs/aac.ts';
import { readInit } from '../media/mp4/initSegment.ts';
import {
  ffmpegPath,
  FileInput,
  passthrough,
  RecordingWriter,
  runFfmpeg,
  sourceAndThree,
  startTranscode,
  trackFile,
  trackTimes,
} from './transcode.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'transcode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);
const aac = { codec: 'aac', sampleRate: 48_000, channels: 2 } as const;
const opus = { codec: 'opus', sampleRate: 48_000, channels: 2 } as const;
const video = (codec: 'h264' | 'vp8', width: number, height: number) => ({ codec, width, height, frameRate: 30 });

/** 9 s of 30 frames/s; every third second begins with a white flash of three frames and a beep. */
function makeSource(name: string, size: string, encoder: string, seconds = 9): void {
  const flash = `color=white:s=${size}:r=30,drawbox=t=fill:c=black:enable='gte(mod(n\\,90)\\,3)'`;
  const beep = `sine=f=1000:r=48000,volume=0:enable='gte(mod(t\\,3)\\,0.1)':eval=frame,asetnsamples=n=480`;
  const noise = `testsrc2=s=${size}:r=30[b];[a][b]blend=all_mode=addition:all_opacity=0.1`;
  const graph = `${flash}[a];${noise}[v];${beep}[s]`;
  runFfmpeg(
    '-filter_complex',
    graph,
    '-map',
    '[v]',
    '-map',
    '[s]',
    '-t',
    `${seconds}`,
    ...encoder.split(' '),
    file(name),
  );
}

async function transcodeAll(input: FileInput, profile = passthrough) {
  const writer = new RecordingWriter();
  const { transcode, failures } = startTranscode(input, profile, writer, { clock: () => writer.epochMs + 5000 });
  // What is left by then is read within the second that closing gives it.
  await Promise.all([input.ended, writer.until(() => writer.segments.length >= 5)]);
  await transcode.close();
  expect(failures).toEqual([]);
  expect(writer.segments.every(({ complete }) => complete)).toBe(true);
  return writer;
}

function expectContinuous(writer: RecordingWriter, period: number): void {
  for (const { id, kind } of writer.periods[period]!.tracks) {
    const times = trackTimes(writer, period, id);
    expect(times.length).toBeGreaterThan(0);
    times.slice(1).forEach(({ start }, index) => expect(start).toBeCloseTo(times[index]!.end, 4));
    for (const { start, end } of times) expect(end - start).toBeLessThanOrEqual(0.5);
    if (kind === 'video') expect(times[0]!.independent).toBe(true);
  }
}

function expectDecodes(writer: RecordingWriter, period: number): void {
  for (const { id } of writer.periods[period]!.tracks) {
    const input = trackFile(writer, period, id);
    const { stderr } = spawnSync(ffmpegPath, '-v error -xerror -i pipe:0 -f null -'.split(' '), {
      input,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  }
}

/** Every segment of every video track begins with a key frame at the same time, to within a millisecond. */
function expectAligned(writer: RecordingWriter): void {
  for (const { startMs, period, tracks, wallClockMs } of writer.segments) {
    expect(wallClockMs).toBe(writer.epochMs + startMs);
    for (const { id, kind, timescale } of writer.periods[period]!.tracks) {
      const first = tracks.get(id)![0]!;
      const offsetMs = (first.startTicks * 1000) / timescale - startMs;
      if (kind === 'video') expect(first.independent).toBe(true);
      // Starts are whole milliseconds, rounded down; a frame of AAC is 21 ms long.
      expect(Math.abs(offsetMs)).toBeLessThanOrEqual(kind === 'video' ? 2 : 21.4);
    }
  }
  const keys = writer.periods[0]!.tracks.filter(({ kind }) => kind === 'video').map(({ id }) =>
    trackTimes(writer, 0, id).filter(({ independent }) => independent),
  );
  for (const times of keys) {
    expect(times.length).toBe(keys[0]!.length);
    times.forEach(({ start }, index) => expect(Math.abs(start - keys[0]![index]!.start)).toBeLessThanOrEqual(0.001));
  }
}

/** Times of the first bright frame of each flash. */
function flashes(media: Buffer): number[] {
  const filter = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const args = ['-v', 'error', '-copyts', '-i', 'pipe:0', '-vf', filter, '-f', 'null', '-'];
  const text = execFileSync(ffmpegPath, args, { input: media, encoding: 'utf8' });
  const frames = [...text.matchAll(/pts_time:([\d.]+)\s+lavfi\.signalstats\.YAVG=([\d.]+)/g)];
  const bright = frames.map(([, time, level]) => ({ time: Number(time), on: Number(level) > 150 }));
  return bright.filter(({ on }, index) => on && !bright[index - 1]?.on).map(({ time }) => time);
}

/** Times at which sound begins. */
function beeps(media: Buffer): number[] {
  const args = ['-copyts', '-i', 'pipe:0', '-af', 'silencedetect=n=-30dB:d=0.5', '-f', 'null', '-'];
  const { stderr } = spawnSync(ffmpegPath, args, { input: media, encoding: 'utf8' });
  return [...stderr.matchAll(/silence_end: ([\d.]+)/g)].map(([, time]) => Number(time));
}

/** How far sound is behind the picture, at each flash but the first, which has no silence before it. */
function offsets(picture: Buffer, sound: Buffer): number[] {
  const heard = beeps(sound);
  const seen = flashes(picture).slice(1);
  expect(seen).toHaveLength(2);
  return seen.map((flash) => heard.map((beep) => beep - flash).find((offset) => Math.abs(offset) < 1) ?? NaN);
}

const x264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 60 -x264-params b-adapt=0:scenecut=0';

beforeAll(() => {
  makeSource('plain.flv', '640x360', `${x264} -bf 0 -c:a aac -ac 2`);
  makeSource('bframes.flv', '640x360', `${x264} -bf 3 -c:a aac -ac 2`);
  makeSource('opus.webm', '640x360', '-c:v libvpx -deadline realtime -cpu-used 8 -g 150 -b:v 1M -c:a libopus');
  makeSource('wide.ts', '640x360', `${x264} -c:a aac -ac 2 -muxdelay 0`, 5);
  makeSource('tall.ts', '360x640', `${x264} -c:a aac -ac 2 -muxdelay 0 -output_ts_offset 5`, 5);
  writeFileSync(file('turned.ts'), readFileSync(file('wide.ts')));
  appendFileSync(file('turned.ts'), readFileSync(file('tall.ts')));
});

describe('the transcoder', () => {
  it.each(['plain.flv', 'bframes.flv'])('makes source and three of %s, aligned and without a gap', async (name) => {
    const writer = await transcodeAll(
      new FileInput(file(name), { video: video('h264', 640, 360), audio: aac }),
      sourceAndThree,
    );
    expect(writer.periods).toHaveLength(1);
    expect(writer.periods[0]!.startMs).toBeGreaterThanOrEqual(5000);
    expect(writer.periods[0]!.startMs).toBeLessThan(5150);
    expect(writer.segments).toHaveLength(5);
    for (const { id } of writer.periods[0]!.tracks) {
      const times = trackTimes(writer, 0, id);
      expect(times.at(-1)!.end - times[0]!.start).toBeCloseTo(9, 1);
    }
    const described = writer.periods[0]!.tracks.map((track) =>
      track.kind === 'video'
        ? [track.id, track.width, track.height, track.frameRate]
        : [track.id, track.kind === 'audio' && track.sampleRate, track.kind === 'audio' && track.channels],
    );
    expect(described).toEqual([
      ['v0', 640, 360, 30],
      ['v1', 480, 270, 30],
      ['v2', 640, 360, 30],
      ['v3', 640, 360, 30],
      ['a0', 48_000, 2],
    ]);
    expect(writer.periods[0]!.tracks.map(({ codec }) => codec.slice(0, 9))).toEqual([
      'avc1.4d40'.replace('4d40', name === 'plain.flv' ? '42c0' : '4d40'),
      'avc1.42c0',
      'avc1.42c0',
      'avc1.4d40',
      'mp4a.40.2',
    ]);
    expectAligned(writer);
    expectContinuous(writer, 0);
    expectDecodes(writer, 0);
  });

  it.each(['plain.flv', 'bframes.flv'])('keeps sound and picture of %s together, in every rendition', async (name) => {
    const writer = await transcodeAll(
      new FileInput(file(name), { video: video('h264', 640, 360), audio: aac }),
      sourceAndThree,
    );
    const source = readFileSync(file(name));
    const expected = offsets(source, source);
    for (const rendition of ['v0', 'v1', 'v3']) {
      const found = offsets(trackFile(writer, 0, rendition), trackFile(writer, 0, 'a0'));
      found.forEach((offset, index) => expect(offset).toBeCloseTo(expected[index]!, 2));
    }
  });

  it('encodes VP8 and Opus to aligned H.264 and AAC, with sound and picture together', async () => {
    const input = new FileInput(file('opus.webm'), { video: video('vp8', 640, 360), audio: opus }, { format: 'webm' });
    const writer = await transcodeAll(input, sourceAndThree);
    // Its key frames come every 5 s; those of the renditions do not.
    expect(writer.segments.map(({ startMs }) => Math.round(startMs / 100))).toEqual([50, 70, 90, 110, 130]);
    expectAligned(writer);
    expectContinuous(writer, 0);
    expectDecodes(writer, 0);
    expect(trackTimes(writer, 0, 'a0')[0]!.start).toBeGreaterThanOrEqual(5);
    const source = readFileSync(file('opus.webm'));
    const expected = offsets(source, source);
    const found = offsets(trackFile(writer, 0, 'v0'), trackFile(writer, 0, 'a0'));
    found.forEach((offset, index) => expect(offset).toBeCloseTo(expected[index]!, 2));
  });

  it('encodes HE-AAC to AAC-LC, with sound and picture together', async () => {
    const path = file('sbr.flv');
    runFfmpeg(...`-i ${file('plain.flv')} -c:v copy -c:a aac -ar 24000 -ac 2 ${path}`.split(' '));
    const source = readFileSync(path);
    // FLV E.4.2.1: the sequence header says AAC-LC at 24 kHz with nothing behind it; then HE-AAC at 48 kHz made of that.
    const header = Buffer.from('af00131056e500', 'hex');
    const at = source.indexOf(header);
    expect(at).toBeGreaterThan(0);
    Buffer.from('af002b11880000', 'hex').copy(source, at);
    writeFileSync(path, source);
    expect(parseAudioSpecificConfig(source.subarray(at + 2, at + 7))).toMatchObject({ objectType: 5 });

    const sound = { codec: 'heAac', sampleRate: 48_000, channels: 2 } as const;
    const writer = await transcodeAll(new FileInput(path, { video: video('h264', 640, 360), audio: sound }));
    expect(writer.periods[0]!.tracks.at(-1)).toMatchObject({ codec: 'mp4a.40.2', sampleRate: 48_000, channels: 2 });
    expectContinuous(writer, 0);
    expectDecodes(writer, 0);
    const expected = offsets(source, source);
    const found = offsets(trackFile(writer, 0, 'v0'), trackFile(writer, 0, 'a0'));
    found.forEach((offset, index) => expect(offset).toBeCloseTo(expected[index]!, 2));
  });

  it('makes audio alone into segments', async () => {
    const input = new FileInput(file('plain.flv'), { audio: aac });
    const writer = await transcodeAll(input, sourceAndThree);
    expect(writer.periods[0]!.tracks.map(({ id }) => id)).toEqual(['a0']);
    expect(writer.segments.map(({ startMs }) => Math.round(startMs / 500))).toEqual([10, 14, 18, 22, 26]);
    expectContinuous(writer, 0);
    expectDecodes(writer, 0);
  });

  it('begins a new period when a copied source turns, with an init segment that fits', async () => {
    // ADTS in a transport stream cannot be copied; what is encoded does not matter here.
    const tracks: SourceTracks = { video: video('h264', 640, 360), audio: opus };
    const writer = await transcodeAll(new FileInput(file('turned.ts'), tracks, { format: 'mpegts' }), sourceAndThree);
    const sizes = writer.periods.map((period) =>
      period.tracks.map((track) => (track.kind === 'video' ? `${track.width}x${track.height}` : track.id)),
    );
    expect(sizes).toEqual([
      ['640x360', '480x270', '640x360', '640x360', 'a0'],
      ['360x640', '480x270', '640x360', '640x360', 'a0'],
    ]);
    expect(readInit(writer.periods[1]!.tracks[0]!.init)).toMatchObject({ width: 360, height: 640 });
    for (const period of [0, 1]) {
      expectContinuous(writer, period);
      expectDecodes(writer, period);
    }
    for (const id of ['v0', 'v1', 'a0']) {
      const [before, after] = [trackTimes(writer, 0, id).at(-1)!, trackTimes(writer, 1, id)[0]!];
      expect(Math.abs(after.start - before.end)).toBeLessThan(0.04);
    }
  });
});
