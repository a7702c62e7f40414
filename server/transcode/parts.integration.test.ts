import { execFileSync } from 'node:child_process';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { describe, expect, it } from 'vitest';
import { readInit, type InitSegment } from '../media/mp4/initSegment.ts';
import { Mp4Splitter } from '../media/mp4/mp4Splitter.ts';
import type { NewFragment } from '../segments/segmentStore.ts';
import { GapFiller } from './gapFiller.ts';
import { PartCutter } from './partCutter.ts';
import type { SegmenterEvent } from './segmenter.ts';
import { TrackFiller } from './trackFiller.ts';
import { TrackFragment } from './trackFragment.ts';
import { ffmpegPath } from './transcode.fixture.ts';

const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5);
/** As ffmpeg writes it here: a fragment for each frame. */
const muxer = '-movflags +frag_every_frame+empty_moov+default_base_moof+skip_trailer+frag_discont -f mp4 pipe:1';

interface Encoded {
  readonly init: InitSegment;
  readonly initBytes: Uint8Array;
  readonly frames: readonly TrackFragment[];
}

function encode(args: string): Encoded {
  const output = execFileSync(ffmpegPath, `-v error ${args} -t 4 -use_editlist 0 ${muxer}`.split(' '), {
    maxBuffer: 64 * 1024 * 1024,
  });
  const [first, ...rest] = new Mp4Splitter().push(output);
  const init = readInit(first!.data);
  return { init, initBytes: first!.data, frames: rest.map(({ data }) => new TrackFragment(data, init)) };
}

const tracks = {
  v0: encode('-f lavfi -i testsrc2=s=320x180:r=25 -c:v libx264 -preset ultrafast -g 50 -video_track_timescale 90000'),
  a0: encode('-f lavfi -i sine=f=440:r=48000 -c:a aac -ac 2'),
};

function partsOf(trackId: keyof typeof tracks, frames: readonly TrackFragment[]): NewFragment[] {
  const { init } = tracks[trackId];
  const events: SegmenterEvent<TrackFragment>[] = [
    { type: 'open', segment: 0, startMs: 0, newPeriod: true },
    ...frames.map((fragment) => ({ type: 'append', segment: 0, trackId, fragment }) as const),
    { type: 'complete', segment: 0 },
  ];
  const filled = new GapFiller(() => new Map([[trackId, new TrackFiller(init)]])).fillHoles(events);
  return new PartCutter(epochMs).cut(filled).flatMap((event) => (event.type === 'append' ? [event.fragment] : []));
}

/** What mp4box makes of an init segment and parts. */
function readWithMp4box(initBytes: Uint8Array, parts: readonly NewFragment[]) {
  const file = createFile();
  const bytes = Buffer.concat([initBytes, ...parts.map(({ data }) => data)]);
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(bytes).buffer, 0));
  file.flush();
  const [track] = file.getInfo().tracks;
  const samples = file.getTrackSamplesInfo(track!.id);
  return { bytes, samples, types: file.boxes.map(({ type }) => type) };
}

function decodes(bytes: Uint8Array): string {
  const args = ['-v', 'error', '-xerror', '-i', 'pipe:0', '-f', 'null', '-'];
  return execFileSync(ffmpegPath, args, { input: bytes, encoding: 'utf8' });
}

describe('parts', () => {
  it.each(['v0', 'a0'] as const)('of %s are what mp4box and ffmpeg read, each behind its time', (trackId) => {
    const { initBytes, frames } = tracks[trackId];
    const parts = partsOf(trackId, frames);
    expect(parts.length).toBeGreaterThan(8);
    const { samples, types, bytes } = readWithMp4box(initBytes, parts);
    expect(types.slice(2)).toEqual(parts.flatMap(() => ['prft', 'moof', 'mdat']));
    expect(samples.map(({ dts, duration, size, is_sync: sync }) => [dts, duration, size, sync])).toEqual(
      frames.flatMap(({ media }) =>
        media.samples.map((sample) => [sample.decodeTicks, sample.durationTicks, sample.bytes, sample.sync]),
      ),
    );
    expect(decodes(bytes)).toBe('');
  });

  it.each(['v0', 'a0'] as const)('of %s go on through a hole that was filled', (trackId) => {
    const { init, initBytes, frames } = tracks[trackId];
    const holeFrom = 1.2 * init.timescale;
    const second = trackId === 'v0' ? 2 * init.timescale : 2.5 * init.timescale;
    const holed = frames.filter(({ startTicks }) => startTicks < holeFrom || startTicks >= second);
    const parts = partsOf(trackId, holed);
    const { samples, bytes } = readWithMp4box(initBytes, parts);
    for (const [index, { dts, duration }] of samples.slice(0, -1).entries())
      expect(dts + duration).toBe(samples[index + 1]!.dts);
    expect(samples.at(-1)!.dts).toBe(frames.at(-1)!.media.samples.at(-1)!.decodeTicks);
    expect(samples.length).toBeGreaterThan(holed.length);
    expect(decodes(bytes)).toBe('');
    for (const { durationTicks } of parts) expect(durationTicks / init.timescale).toBeLessThanOrEqual(0.39);
  });
});
