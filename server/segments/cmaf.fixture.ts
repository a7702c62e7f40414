import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readInit } from '../media/mp4/initSegment.ts';
import { readFragment } from '../media/mp4/mediaFragment.ts';
import { Mp4Splitter } from '../media/mp4/mp4Splitter.ts';
import type { NewFragment, TrackWithInit } from './segmentStore.ts';

/** A track as ffmpeg's muxer writes it: fragments of half a second, key frames every 2 s. */
export interface MadeTrack {
  readonly track: TrackWithInit;
  readonly fragments: readonly NewFragment[];
}

const cmaf =
  '-movflags +cmaf+frag_keyframe+empty_moov+default_base_moof+skip_trailer -frag_duration 500000 -f mp4 pipe:1'.split(
    ' ',
  );

export async function makeCmaf(seconds: number): Promise<{ v0: MadeTrack; a0: MadeTrack }> {
  const video = `-f lavfi -i testsrc2=s=160x90:r=20:d=${seconds} -c:v libx264 -preset ultrafast -g 40 -pix_fmt yuv420p`;
  const audio = `-f lavfi -i sine=r=48000:d=${seconds} -c:a aac -b:a 64k`;
  const [v0, a0] = await Promise.all([makeTrack(video), makeTrack(audio)]);
  return { v0, a0 };
}

async function makeTrack(args: string): Promise<MadeTrack> {
  const bytes = await run('ffmpeg', ['-v', 'error', ...args.split(' '), ...cmaf]);
  const [first, ...rest] = new Mp4Splitter().push(bytes);
  const init = readInit(first!.data);
  const fragments = rest.map(({ data }): NewFragment => {
    const { startTicks, durationTicks, independent } = readFragment(data, init);
    return { startTicks, durationTicks, independent, data };
  });
  const base = { codec: init.codec, timescale: init.timescale, bitrateBps: 64_000, init: first!.data };
  const track: TrackWithInit =
    init.kind === 'video'
      ? { ...base, kind: 'video', id: 'v0', width: init.width, height: init.height, frameRate: 20 }
      : { ...base, kind: 'audio', id: 'a0', sampleRate: init.sampleRate, channels: init.channels };
  return { track, fragments };
}

/** The same media at a later time, as an encoder with an offset would have made it. */
export function shifted(fragment: NewFragment, ticks: number): NewFragment {
  const data = Buffer.from(fragment.data);
  const tfdt = data.indexOf('tfdt') + 4;
  if (data[tfdt] === 1) data.writeBigUInt64BE(data.readBigUInt64BE(tfdt + 4) + BigInt(ticks), tfdt + 4);
  else data.writeUInt32BE(data.readUInt32BE(tfdt + 4) + ticks, tfdt + 4);
  return { ...fragment, startTicks: fragment.startTicks + ticks, data };
}

/** Standard output. Rejects when the command fails or says anything on standard error. */
export async function run(command: string, args: readonly string[], input?: Uint8Array): Promise<Buffer> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  const said = Buffer.concat(errors).toString();
  if (code !== 0 || said !== '') throw new Error(`${command} ended with ${code}: ${said}`);
  return Buffer.concat(output);
}
