import { nalType, nalTypes } from '../codecs/h264.ts';

/** RFC 6184 5.2: packet types beyond those of single NAL units. */
export const stapA = 24;
export const fuA = 28;

/** What one payload says of the picture it belongs to. */
export interface H264PayloadContent {
  /** Whole NAL units of these types, as views. */
  readonly sps?: Buffer;
  readonly pps?: Buffer;
  /** Slice data of any kind. */
  readonly picture: boolean;
  readonly idr: boolean;
}

const nothing: H264PayloadContent = { picture: false, idr: false };

/** Reads a payload's NAL headers (RFC 6184 5.4 to 5.8, packetization mode 1); malformed ones say nothing. */
export function readH264Payload(payload: Buffer): H264PayloadContent {
  const first = payload[0];
  if (first === undefined) return nothing;
  const type = nalType(first);
  if (type === stapA) return readAggregate(payload);
  if (type === fuA) {
    const header = payload[1];
    return header === undefined ? nothing : slice(nalType(header));
  }
  return readNal(payload);
}

function readNal(nal: Buffer): H264PayloadContent {
  const type = nalType(nal[0] ?? 0);
  if (type === nalTypes.sps) return { ...nothing, sps: nal };
  if (type === nalTypes.pps) return { ...nothing, pps: nal };
  return slice(type);
}

function slice(type: number): H264PayloadContent {
  return { picture: type >= nalTypes.slice && type <= nalTypes.idr, idr: type === nalTypes.idr };
}

function readAggregate(payload: Buffer): H264PayloadContent {
  let content = nothing;
  let offset = 1;
  while (offset + 2 < payload.length) {
    const bytes = payload.readUInt16BE(offset);
    offset += 2;
    if (bytes === 0 || offset + bytes > payload.length) break;
    const nal = readNal(payload.subarray(offset, offset + bytes));
    content = {
      sps: content.sps ?? nal.sps,
      pps: content.pps ?? nal.pps,
      picture: content.picture || nal.picture,
      idr: content.idr || nal.idr,
    };
    offset += bytes;
  }
  return content;
}
