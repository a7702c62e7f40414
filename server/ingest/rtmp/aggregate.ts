import { ownBytes } from '../../media/ownBytes.ts';
import type { RtmpMessage } from './message.ts';
import { ProtocolError } from './protocolError.ts';

/** FLV tag header and the back pointer behind the body. */
const headerBytes = 11;
const backPointerBytes = 4;

/** The messages inside an aggregate message (RTMP 7.1.6), one after the other; their times count from the aggregate's. */
export function* splitAggregate({ payload, streamId, timestamp }: RtmpMessage): Generator<RtmpMessage> {
  let firstTimestamp: number | undefined;
  for (let offset = 0; offset < payload.length;) {
    if (offset + headerBytes > payload.length) throw new ProtocolError('an aggregate message ends too early');
    const bodyStart = offset + headerBytes;
    const bodyEnd = bodyStart + payload.readUIntBE(offset + 1, 3);
    if (bodyEnd > payload.length) throw new ProtocolError('an aggregate message ends too early');
    const own = (payload.readUIntBE(offset + 4, 3) | (payload.readUInt8(offset + 7) << 24)) >>> 0;
    firstTimestamp ??= own;
    yield {
      type: payload.readUInt8(offset),
      streamId,
      timestamp: (timestamp + own - firstTimestamp) >>> 0,
      payload: ownBytes(payload.subarray(bodyStart, bodyEnd)),
    };
    offset = bodyEnd + backPointerBytes;
  }
}
