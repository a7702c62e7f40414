import type { RtmpMessage } from './message.ts';

/** One message as chunks with a full header each message (RTMP 5.3.1). Timestamps of answers are 0. */
export function writeChunks(
  message: Omit<RtmpMessage, 'timestamp'>,
  chunkStreamId: number,
  chunkBytes: number,
): Buffer {
  const { payload } = message;
  const header = Buffer.alloc(12);
  header[0] = chunkStreamId;
  header.writeUIntBE(payload.length, 4, 3);
  header[7] = message.type;
  header.writeUInt32LE(message.streamId, 8);
  const parts = [header, payload.subarray(0, chunkBytes)];
  for (let offset = chunkBytes; offset < payload.length; offset += chunkBytes)
    parts.push(Buffer.of(0xc0 | chunkStreamId), payload.subarray(offset, offset + chunkBytes));
  return Buffer.concat(parts);
}
