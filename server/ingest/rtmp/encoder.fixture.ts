import { handshakeBytes } from './handshake.ts';
import { writeAmf0 } from './amf/amf0Writer.ts';
import type { AmfValue } from './amf/amfValue.ts';
import { messageTypes } from './message.ts';

/** The encoder's side of the protocol, as far as tests need to speak it byte by byte. */
export interface SentMessage {
  readonly type: number;
  readonly payload: Buffer;
  readonly chunkStreamId?: number;
  readonly streamId?: number;
  /** The header's timestamp field: absolute for header type 0, else a difference. */
  readonly field?: number;
  readonly headerType?: 0 | 1 | 2 | 3;
  readonly chunkBytes?: number;
  /** False for encoders that do not repeat the extended timestamp. */
  readonly repeatsExtended?: boolean;
}

/** RTMP 5.3.1 */
export function encodeChunks(message: SentMessage): Buffer {
  const { type, payload, chunkStreamId = 3, streamId = 0, field = 0 } = message;
  const { headerType = 0, chunkBytes = 128, repeatsExtended = true } = message;
  const extended = Buffer.alloc(field >= 0xffffff ? 4 : 0);
  if (extended.length > 0) extended.writeUInt32BE(field);
  const header = Buffer.alloc([11, 7, 3, 0][headerType] ?? 0);
  if (headerType < 3) header.writeUIntBE(Math.min(field, 0xffffff), 0, 3);
  if (headerType < 2) {
    header.writeUIntBE(payload.length, 3, 3);
    header[6] = type;
  }
  if (headerType === 0) header.writeUInt32LE(streamId, 7);
  const parts = [basicHeader(headerType, chunkStreamId), header, extended, payload.subarray(0, chunkBytes)];
  for (let offset = chunkBytes; offset < payload.length; offset += chunkBytes) {
    parts.push(basicHeader(3, chunkStreamId));
    if (repeatsExtended) parts.push(extended);
    parts.push(payload.subarray(offset, offset + chunkBytes));
  }
  return Buffer.concat(parts);
}

// RTMP 5.3.1.1
function basicHeader(headerType: number, id: number): Buffer {
  const type = headerType << 6;
  if (id < 64) return Buffer.of(type | id);
  return id < 320 ? Buffer.of(type, id - 64) : Buffer.of(type | 1, (id - 64) & 0xff, (id - 64) >> 8);
}

/** C0, C1 and C2 of a client that does not care for digests. */
export function encodeHandshake(): Buffer {
  return Buffer.concat([Buffer.of(3), Buffer.alloc(handshakeBytes * 2)]);
}

export function encodeCommand(name: string, transactionId: number, ...values: AmfValue[]): SentMessage {
  return { type: messageTypes.amf0Command, payload: writeAmf0(name, transactionId, ...values) };
}

export function encodeControl(type: number, value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(value);
  return encodeChunks({ type, payload, chunkStreamId: 2 });
}

/** Everything up to and including `publish`, as ffmpeg orders it. */
export function encodePublish(app: string, name: string, flashVer = 'FMLE/3.0 (compatible; Lavf59.27.100)'): Buffer {
  return Buffer.concat([
    encodeHandshake(),
    encodeControl(messageTypes.setChunkSize, 60_000),
    ...[
      encodeCommand('connect', 1, { app, type: 'nonprivate', flashVer, tcUrl: `rtmp://localhost/${app}` }),
      encodeCommand('releaseStream', 2, null, name),
      encodeCommand('FCPublish', 3, null, name),
      encodeCommand('createStream', 4, null),
      { ...encodeCommand('publish', 5, null, name, 'live'), streamId: 1 },
    ].map((message) => encodeChunks({ ...message, chunkBytes: 60_000 })),
  ]);
}

/** `avcC` of 320x180 at 25 Hz, and AAC-LC at 44.1 kHz stereo. */
export const avcConfiguration = Buffer.from(
  '0142c00cffe100196742c00cd901419f9f011000000300100000030320f142a48001000568cb83cb20',
  'hex',
);
export const aacConfiguration = Buffer.from('1210', 'hex');

/** Bodies of FLV tags. */
export const videoHeaderBody = Buffer.concat([Buffer.of(0x17, 0, 0, 0, 0), avcConfiguration]);
export const audioHeaderBody = Buffer.concat([Buffer.of(0xaf, 0), aacConfiguration]);

export function videoBody(keyFrame: boolean, bytes = 100): Buffer {
  return Buffer.concat([Buffer.of(keyFrame ? 0x17 : 0x27, 1, 0, 0, 0), Buffer.alloc(bytes, keyFrame ? 5 : 1)]);
}

export function audioBody(bytes = 20): Buffer {
  return Buffer.concat([Buffer.of(0xaf, 1), Buffer.alloc(bytes, 7)]);
}

export function encodeMedia(kind: 'video' | 'audio', timestamp: number, payload: Buffer): Buffer {
  const type = messageTypes[kind];
  return encodeChunks({
    type,
    payload,
    chunkStreamId: kind === 'video' ? 6 : 4,
    streamId: 1,
    field: timestamp,
    chunkBytes: 60_000,
  });
}

export function encodeMetadata(properties: Record<string, AmfValue>): Buffer {
  const payload = writeAmf0('@setDataFrame', 'onMetaData', properties);
  return encodeChunks({ type: messageTypes.amf0Metadata, payload, streamId: 1, chunkStreamId: 4, chunkBytes: 60_000 });
}

/** A second of 25 pictures and their sound from `startMs` on, with a key frame first. */
export function encodeSecond(startMs: number): Buffer {
  return Buffer.concat(
    Array.from({ length: 25 }, (_, index) => [
      encodeMedia('video', startMs + index * 40, videoBody(index === 0)),
      encodeMedia('audio', startMs + index * 40 + 3, audioBody()),
    ]).flat(),
  );
}
