import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeCueFragment } from '../../media/captions/cueFragment.ts';
import { readInit } from '../../media/mp4/initSegment.ts';
import { readFragment } from '../../media/mp4/mediaFragment.ts';
import { mergeFragments } from '../../media/mp4/mergeFragments.ts';
import { Mp4Splitter } from '../../media/mp4/mp4Splitter.ts';
import { writeTextInit } from '../../media/mp4/writeTextInit.ts';
import type { NewFragment, SegmentStore, TrackWithInit } from '../../segments/segmentStore.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

const run = promisify(execFile);
const counterBits = 16;
export const segmentMs = 2000;

export interface CountedMedia {
  readonly seconds: number;
  readonly frameRate?: number;
  /** Consecutive frames of the source that are decoded after a later one. */
  readonly bFrames?: number;
  /** Of the period's first frame on the timeline. */
  readonly startMs?: number;
  /** With a cue for each second, which says its number. */
  readonly text?: boolean;
  readonly soundOnly?: boolean;
  /** From when to when, in seconds, there is no sound. */
  readonly soundHole?: readonly [number, number];
  readonly withoutSource?: boolean;
  /** Of the source. */
  readonly height?: number;
  /** A test picture full of movement in place of numbers. */
  readonly busy?: boolean;
  /** Heights of renditions beside the source. */
  readonly flavors?: readonly number[];
}

interface EncodedCounted {
  readonly tracks: readonly TrackWithInit[];
  /** By track. */
  readonly frames: readonly (readonly NewFragment[])[];
}

/** The same media again costs nothing. */
const encoded = new Map<string, Promise<EncodedCounted>>();

/**
 * A picture that tells its frame's number, counted from the period's first, in blocks of black and white, and a sweep, of
 * which every moment is unlike any other: in a source, in renditions of it, and in AAC.
 */
export function encodeCounted(media: CountedMedia): Promise<EncodedCounted> {
  const key = JSON.stringify(media);
  const known = encoded.get(key) ?? encode(media);
  encoded.set(key, known);
  return known;
}

async function encode(media: CountedMedia): Promise<EncodedCounted> {
  const { seconds, frameRate = 30, bFrames = 0, startMs = 0, flavors = [90], text } = media;
  const directory = await mkdtemp(join(tmpdir(), 'tallylight-counted-'));
  const keyFrames = `-g ${(frameRate * segmentMs) / 1000} -keyint_min ${(frameRate * segmentMs) / 1000} -sc_threshold 0`;
  const muxer =
    '-video_track_timescale 90000 -use_editlist 0 -avoid_negative_ts disabled ' +
    '-movflags +frag_every_frame+empty_moov+default_base_moof+skip_trailer+frag_discont ' +
    `-output_ts_offset ${startMs / 1000} -f mp4 -y`;
  const split = `split=${flavors.length + 1}[v0]${flavors.map((_, index) => `[s${index}]`).join('')}`;
  const scaled = flavors.map((height, index) => `[s${index}]scale=-2:${height}:flags=neighbor[v${index + 1}]`);
  const pictures = [bFrames, ...flavors.map(() => 0)].map(
    (reordered, index) =>
      `-map [v${index}] -c:v libx264 -preset ultrafast -crf 12 -pix_fmt yuv420p ${keyFrames} -bf ${reordered} ${muxer} v${index}.mp4`,
  );
  const args = [
    ...countedInputs(seconds, frameRate, media.height, media.busy),
    '-filter_complex',
    [`[0:v]${split}`, ...scaled].join(';'),
    ...pictures.flatMap((output) => output.split(' ')),
    ...`-map 1:a -c:a aac -b:a 128k -bsf:a noise=drop=not(n) ${muxer} a0.mp4`.split(' '),
  ];
  try {
    await run('ffmpeg', args, { cwd: directory });
    const names = [...pictures.map((_, index) => `v${index}`), 'a0'];
    const read = await Promise.all(
      names.map(async (id) => readTrack(id, await readFile(join(directory, `${id}.mp4`)), frameRate)),
    );
    if (media.soundOnly) read.splice(0, read.length - 1);
    if (media.withoutSource) read.shift();
    if (text) read.push(countedText(startMs, seconds));
    return { tracks: read.map(({ track }) => track), frames: read.map(({ frames }) => frames) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same as a file that an encoder sends, with key frames every two seconds. */
export async function encodeCountedFile(path: string, media: Pick<CountedMedia, 'seconds' | 'bFrames'>): Promise<void> {
  const { seconds, bFrames = 0 } = media;
  const codecs = `-c:v libx264 -preset superfast -crf 14 -pix_fmt yuv420p -g 60 -sc_threshold 0 -bf ${bFrames} -c:a aac`;
  await run('ffmpeg', [...countedInputs(seconds, 30), ...codecs.split(' '), '-y', path]);
}

/** Picture and sound, as arguments of ffmpeg. */
function countedInputs(seconds: number, frameRate: number, height = 180, busy = false): string[] {
  const counter =
    `color=s=${counterBits}x16:r=${frameRate}:d=${seconds},format=yuv420p,` +
    `geq=lum='if(mod(floor(N/pow(2,floor(X*${counterBits}/W))),2),235,16)':cb=128:cr=128,` +
    `scale=${(height * 16) / 9}:${height}:flags=neighbor,setsar=1`;
  const picture = busy ? `testsrc2=s=${(height * 16) / 9}x${height}:r=${frameRate}:d=${seconds}` : counter;
  const sound = `aevalsrc=0.5*sin(2*PI*(300*t+120*t*t)):s=48000:d=${seconds}`;
  return ['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound];
}

interface EncodedTrack {
  readonly track: TrackWithInit;
  readonly frames: readonly NewFragment[];
}

function countedText(startMs: number, seconds: number): EncodedTrack {
  const frames = Array.from({ length: (seconds * 1000) / segmentMs }, (_, segment): NewFragment => {
    const startTicks = startMs + segment * segmentMs;
    const cues = [0, 1000].map((at) => ({
      startTicks: startTicks + at,
      endTicks: startTicks + at + 1000,
      blocks: [{ settings: '', text: String((segment * segmentMs + at) / 1000) }],
    }));
    const data = writeCueFragment(startTicks, startTicks + segmentMs, cues);
    return { startTicks, durationTicks: segmentMs, independent: true, data };
  });
  const track = { id: 't0', kind: 'text' as const, codec: 'wvtt', timescale: 1000, bitrateBps: 1000 };
  return { track: { ...track, language: 'en', label: 'English', init: writeTextInit(1000, 'en') }, frames };
}

function readTrack(id: string, file: Buffer, frameRate: number): EncodedTrack {
  const [head, ...units] = new Mp4Splitter().push(file);
  if (!head) throw new Error(`${id}: nothing was encoded`);
  const init = readInit(head.data);
  const base = { id, codec: init.codec, timescale: init.timescale, bitrateBps: 800_000, init: head.data };
  let keyFrameTicks = 0;
  const frames = units.map(({ data }) => {
    const read = readFragment(data, init, keyFrameTicks);
    if (read.independent) keyFrameTicks = read.samples[0]!.compositionTicks;
    const { startTicks, durationTicks, independent } = read;
    return { startTicks, durationTicks, independent, data };
  });
  const { kind } = init;
  if (kind === 'audio') {
    return { track: { ...base, kind, sampleRate: init.sampleRate, channels: init.channels }, frames };
  }
  return { track: { ...base, kind, width: init.width, height: init.height, frameRate }, frames };
}

/** Writes periods as a transcode would; ends the timeline unless it is to stay live. */
export async function storeCounted(
  store: SegmentStore,
  timeline: { readonly id: string; readonly entryId: string; readonly stayLive?: boolean },
  ...periods: readonly CountedMedia[]
): Promise<TimelineReader> {
  const { id, entryId, stayLive } = timeline;
  const writer = await store.write({ id, entryId, epochMs: 1_800_000_000_000, windowSeconds: 0 });
  for (const media of periods) {
    const { tracks, frames } = await encodeCounted(media);
    const { startMs = 0, seconds } = media;
    const period = await writer.startPeriod({ startMs, tracks });
    for (let fromMs = startMs; fromMs < startMs + seconds * 1000; fromMs += segmentMs) {
      const segment = period.openSegment({ startMs: fromMs, wallClockMs: 1_800_000_000_000 + fromMs });
      tracks.forEach(({ id: trackId, timescale, kind, init }, index) => {
        const at = (ticks: number) => (ticks * 1000) / timescale + 5;
        const inside = frames[index]!.filter(
          ({ startTicks }) => at(startTicks) >= fromMs && at(startTicks) < fromMs + segmentMs,
        );
        const [holeFrom, holeTo] = kind === 'audio' ? (media.soundHole ?? []) : [];
        const runs = [
          inside.filter(({ startTicks }) => holeFrom === undefined || startTicks < holeFrom * timescale),
          inside.filter(({ startTicks }) => holeTo !== undefined && startTicks >= holeTo * timescale),
        ];
        const parts = kind === 'text' ? inside : runs.flatMap((run) => joinFrames(run, timescale / 3, init));
        for (const part of parts) segment.append(trackId, part);
      });
      await segment.complete();
    }
  }
  if (!stayLive) await writer.end();
  return writer.timeline;
}

/** As live transcodes store them: fragments of about a third of a second. */
function joinFrames(frames: readonly NewFragment[], leastTicks: number, initBytes: Uint8Array): NewFragment[] {
  const init = readInit(initBytes);
  const joined: NewFragment[] = [];
  for (let from = 0; from < frames.length;) {
    const [first] = frames.slice(from, from + 1);
    let durationTicks = 0;
    const some: NewFragment[] = [];
    while (from < frames.length && durationTicks < leastTicks) {
      some.push(frames[from]!);
      durationTicks += frames[from++]!.durationTicks;
    }
    const { startTicks, independent } = first!;
    const read = some.map(({ data }) => ({ data, media: readFragment(data, init) }));
    joined.push({ startTicks, durationTicks, independent, data: mergeFragments(read, init) });
  }
  return joined;
}

/** Frame numbers that a track shows, in the order of presentation, period by period. */
export async function readCounters(timeline: TimelineReader, trackId: string): Promise<number[]> {
  const counters: number[] = [];
  for (const file of await periodFiles(timeline, trackId)) counters.push(...(await countersIn(file)));
  return counters;
}

export async function countersIn(input: Buffer | string): Promise<number[]> {
  const filter = `scale=${counterBits}:1:flags=area,format=gray`;
  const pixels = await decode(input, ['-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', filter, '-f', 'rawvideo']);
  const counters: number[] = [];
  for (let at = 0; at + counterBits <= pixels.length; at += counterBits) {
    let value = 0;
    for (let bit = 0; bit < counterBits; bit++) if (pixels[at + bit]! > 127) value += 2 ** bit;
    counters.push(value);
  }
  return counters;
}

/** The sound of a track as samples between -1 and 1, period by period. */
export async function readSound(timeline: TimelineReader, trackId = 'a0'): Promise<Float32Array[]> {
  const files = await periodFiles(timeline, trackId);
  return await Promise.all(files.map((file) => soundIn(file)));
}

export async function soundIn(input: Buffer | string): Promise<Float32Array> {
  const bytes = await decode(input, ['-map', '0:a:0', '-ac', '1', '-f', 'f32le']);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** By how many samples a stretch of sound lies later than it should, within a frame; NaN where nothing is like it. */
export function soundOffset(sound: Float32Array, expected: (index: number) => number, from: number, length = 2048) {
  const correlate = (offset: number) => {
    let [product, own, other] = [0, 0, 0];
    for (let index = from; index < from + length; index++) {
      const [a, b] = [sound[index] ?? 0, expected(index - offset)];
      product += a * b;
      own += a * a;
      other += b * b;
    }
    return product / Math.sqrt(own * other || 1);
  };
  let best = { offset: NaN, likeness: 0.9 };
  for (let offset = -1100; offset <= 1100; offset++) {
    const likeness = correlate(offset);
    if (likeness > best.likeness) best = { offset, likeness };
  }
  return best.offset;
}

/** Root mean square of some samples; 0 of none. */
export function levelOf(sound: Float32Array, start: number, end: number): number {
  const some = sound.subarray(start, end);
  return some.length === 0 ? 0 : Math.sqrt(some.reduce((sum, sample) => sum + sample ** 2, 0) / some.length);
}

/** The sweep at a sample, counted from the period's first. */
export function sweepAt(index: number): number {
  const seconds = index / 48_000;
  return 0.5 * Math.sin(2 * Math.PI * (300 * seconds + 120 * seconds * seconds));
}

async function periodFiles(timeline: TimelineReader, trackId: string): Promise<Buffer[]> {
  return await Promise.all(
    timeline.periods.map(async ({ index }) => {
      const inside = timeline.segments.filter(({ period, tracks }) => period === index && tracks[trackId]);
      const init = await timeline.init(index, trackId)!.buffer();
      const media = await Promise.all(inside.map(({ sequence }) => timeline.media(sequence, trackId)!.buffer()));
      return Buffer.concat([init, ...media]);
    }),
  );
}

async function decode(input: Buffer | string, args: readonly string[]): Promise<Buffer> {
  if (typeof input !== 'string') {
    const directory = await mkdtemp(join(tmpdir(), 'tallylight-decode-'));
    try {
      await writeFile(join(directory, 'media.mp4'), input);
      return await decode(join(directory, 'media.mp4'), args);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', input, ...args, '-'], {
    encoding: 'buffer',
    maxBuffer: 512e6,
  });
  return stdout;
}
