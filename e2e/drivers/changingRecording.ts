import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Stretch {
  readonly size: string;
  readonly frameRate: number;
  readonly sampleRate: number;
  readonly channels: number;
}

const headerBytes = 13;
const tagHeaderBytes = 11;

/**
 * An FLV file whose parameters change at each stretch, as an encoder's do when its camera, its orientation or its sound
 * card changes without the connection being made anew. Returns its path.
 */
export async function makeChangingRecording(
  directory: string,
  stretches: readonly Stretch[],
  secondsEach: number,
): Promise<string> {
  const parts: Buffer[] = [];
  for (const [index, { size, frameRate, sampleRate, channels }] of stretches.entries()) {
    const part = join(directory, `part${index}.flv`);
    const inputs = `-f lavfi -i testsrc2=size=${size}:rate=${frameRate} -f lavfi -i sine=sample_rate=${sampleRate}`;
    const video = `-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -b:v 500k -g ${frameRate * 2}`;
    const audio = `-c:a aac -b:a 96k -ac ${channels}`;
    const options = `${inputs} -t ${secondsEach} ${video} ${audio} -flvflags no_duration_filesize -f flv ${part}`;
    await run('ffmpeg', ['-v', 'error', ...options.split(' ')]);
    const bytes = await readFile(part);
    parts.push(index === 0 ? bytes : moved(bytes.subarray(headerBytes), index * secondsEach * 1000));
  }
  const path = join(directory, 'changing.flv');
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** The tags at a later time (FLV E.4.1), without the metadata and the end-of-sequence that begin and end a file. */
function moved(tags: Buffer, byMs: number): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at + tagHeaderBytes < tags.length;) {
    const end = at + tagHeaderBytes + tags.readUIntBE(at + 1, 3) + 4;
    const tag = Buffer.from(tags.subarray(at, end));
    const timeMs = ((tag[7]! << 24) | tag.readUIntBE(4, 3)) + byMs;
    tag.writeUIntBE(timeMs & 0xffffff, 4, 3);
    tag[7] = timeMs >>> 24;
    if (tag[0] !== 18) kept.push(tag);
    at = end;
  }
  return Buffer.concat(kept);
}
