import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readInit, type InitSegment } from '../media/mp4/initSegment.ts';
import { readFragment } from '../media/mp4/mediaFragment.ts';
import { Mp4Splitter } from '../media/mp4/mp4Splitter.ts';
import type { Fragment } from '../media/timeline.ts';
import type { Track } from '../media/track.ts';
import type { SegmentToAdd, TrackMedia } from './memoryTimeline.fixture.ts';

const segmentSeconds = 2;
const frameRate = 30;
const muxer =
  '-video_track_timescale 90000 -movflags +cmaf+frag_keyframe+empty_moov+default_base_moof+skip_trailer+frag_discont -f mp4';

/** A test picture and a tone as ffmpeg encodes them: two renditions and audio, cut into segments of 2 s. */
export interface EncodedMedia {
  readonly startMs: number;
  readonly tracks: readonly (Track & { readonly init: Buffer })[];
  readonly segments: readonly SegmentToAdd[];
}

/** `startMs` must leave room for the audio encoder's first frame, which comes early. */
export async function encodeMedia(
  startMs: number,
  seconds: number,
  toneHz = 440,
  /** Consecutive frames that are shown before one that is decoded earlier. */
  bFrames = 0,
): Promise<EncodedMedia> {
  const directory = await mkdtemp(join(tmpdir(), 'encoded-media-'));
  const output = (name: string) => join(directory, `${name}.mp4`);
  const video = (bitrate: string) =>
    `-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v ${bitrate} -maxrate ${bitrate} -bufsize ${bitrate} ` +
    `-g ${frameRate * segmentSeconds} -keyint_min ${frameRate * segmentSeconds} -sc_threshold 0 -bf ${bFrames}`;
  const offset = `-output_ts_offset ${startMs / 1000}`;
  const args =
    `-v error -f lavfi -i testsrc2=size=640x360:rate=${frameRate}:duration=${seconds} ` +
    `-f lavfi -i sine=frequency=${toneHz}:sample_rate=48000:duration=${seconds} ` +
    `-filter_complex [0:v]split=2[s0][s1];[s1]scale=320:180[o1] ` +
    `-map [s0] ${video('800k')} ${offset} -frag_duration 500000 ${muxer} ${output('v0')} ` +
    `-map [o1] ${video('300k')} ${offset} -frag_duration 500000 ${muxer} ${output('v1')} ` +
    `-map 1:a -c:a aac -b:a 96k ${offset} -frag_duration 1000 ${muxer} ${output('a0')}`;
  try {
    await promisify(execFile)('ffmpeg', args.split(' '));
    const files = await Promise.all(['v0', 'v1', 'a0'].map(async (id) => ({ id, bytes: await readFile(output(id)) })));
    return cut(startMs, seconds, files);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface TrackFile {
  readonly track: Track & { readonly init: Buffer };
  readonly fragments: readonly (Omit<Fragment, 'offset' | 'bytes'> & { readonly bytes: Buffer })[];
}

function cut(startMs: number, seconds: number, files: readonly { id: string; bytes: Buffer }[]): EncodedMedia {
  const read = files.map(({ id, bytes }) => readTrack(id, bytes));
  const segments: SegmentToAdd[] = [];
  for (let at = 0; at < seconds; at += segmentSeconds) {
    const fromMs = startMs + at * 1000;
    const toMs = Math.min(fromMs + segmentSeconds * 1000, startMs + seconds * 1000);
    const media = read.map((file) => [file.track.id, mediaBetween(file, fromMs, toMs)] as const);
    segments.push({ startMs: fromMs, durationMs: toMs - fromMs, tracks: Object.fromEntries(media) });
  }
  return { startMs, tracks: read.map(({ track }) => track), segments };
}

function readTrack(id: string, file: Buffer): TrackFile {
  const [first, ...rest] = new Mp4Splitter().push(file);
  if (!first) throw new Error(`${id}: nothing was encoded`);
  const init = readInit(first.data);
  const fragments = rest.map(({ data }) => {
    const { startTicks, durationTicks, independent } = readFragment(data, init);
    return { startTicks, durationTicks, independent, bytes: Buffer.from(data) };
  });
  return { track: { ...describe(id, init), init: Buffer.from(first.data) }, fragments };
}

function describe(id: string, init: InitSegment): Track {
  const { codec, timescale } = init;
  if (init.kind === 'audio') {
    return { kind: 'audio', id, codec, timescale, bitrateBps: 96_000, sampleRate: 48_000, channels: init.channels };
  }
  const bitrateBps = id === 'v0' ? 800_000 : 300_000;
  return { kind: 'video', id, codec, timescale, bitrateBps, width: init.width, height: init.height, frameRate };
}

function mediaBetween({ track, fragments }: TrackFile, fromMs: number, toMs: number): TrackMedia {
  const ticks = (ms: number) => (ms * track.timescale) / 1000;
  const within = fragments.filter(({ startTicks }) => startTicks >= ticks(fromMs) && startTicks < ticks(toMs));
  const [first] = within;
  const last = within.at(-1);
  if (!first || !last) throw new Error(`${track.id}: no media from ${fromMs} ms on`);
  let offset = 0;
  const placed = within.map((fragment) => {
    const bytes = fragment.bytes.length;
    offset += bytes;
    return { ...fragment, bytes, offset: offset - bytes };
  });
  return {
    startTicks: first.startTicks,
    durationTicks: last.startTicks + last.durationTicks - first.startTicks,
    independent: first.independent,
    fragments: placed,
    media: Buffer.concat(within.map(({ bytes }) => bytes)),
  };
}
