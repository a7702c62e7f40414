import { flvTagTypes } from './flvTag.ts';
import { frameFlvTag } from './flvWriter.ts';

/** An AVC or AAC packet on its way into an FLV tag (FLV E.4.2, E.4.3). */
export interface FlvFrame {
  readonly kind: 'video' | 'audio';
  /** A decoder configuration instead of a frame: AVCDecoderConfigurationRecord, AudioSpecificConfig. */
  readonly configuration: boolean;
  readonly keyFrame: boolean;
  /** Decoding time; wraps at 2^32. */
  readonly timestampMs: number;
  /** Presentation time minus decoding time; always 0 for audio. */
  readonly compositionMs: number;
  readonly data: Uint8Array;
}

/** Tag header and PreviousTagSize. */
const frameBytes = 15;
/** Codec and packet type in front of the packet, with the composition time for video. */
const headBytes = { video: 5, audio: 2 } as const;
const keyAvc = 0x17;
const interAvc = 0x27;
/** AAC, and what FLV E.4.2.1 asks to be claimed of it whatever is true: 44 kHz, 16 bit, stereo. */
const aac = 0xaf;

/** Bytes of the frames as tags, each with its PreviousTagSize behind it. */
export function flvFramesBytes(frames: readonly FlvFrame[]): number {
  return frames.reduce((sum, { kind, data }) => sum + frameBytes + headBytes[kind] + data.length, 0);
}

/** Writes the frames as tags, back to back; returns the offset behind the last one. */
export function writeFlvFrames(target: Buffer, offset: number, frames: readonly FlvFrame[]): number {
  return frames.reduce((at, frame) => writeFrame(target, at, frame), offset);
}

function writeFrame(target: Buffer, offset: number, frame: FlvFrame): number {
  const { kind, configuration, keyFrame, timestampMs, compositionMs, data } = frame;
  const { head, tail } = frameFlvTag(flvTagTypes[kind], timestampMs, headBytes[kind] + data.length);
  let at = offset + head.copy(target, offset);
  at = target.writeUInt8(kind === 'audio' ? aac : keyFrame ? keyAvc : interAvc, at);
  at = target.writeUInt8(configuration ? 0 : 1, at);
  if (kind === 'video') at = target.writeIntBE(compositionMs, at, 3);
  target.set(data, at);
  at += data.length;
  return at + tail.copy(target, at);
}
