import type { RtmpLimits } from './limits.ts';
import { messageTypes, type RtmpMessage } from './message.ts';
import { ProtocolError } from './protocolError.ts';

/** What the next header of a chunk stream may leave out. */
interface ChunkStream {
  type: number;
  streamId: number;
  bytes: number;
  /** Milliseconds modulo 2^32. */
  timestamp: number;
  /** The timestamp field as last sent: absolute or a difference; what a type 3 header repeats. */
  field: number;
  absolute: boolean;
  extended: boolean;
  /** The message being assembled. */
  payload: Buffer | undefined;
  filled: number;
}

/** Bytes of the message header by chunk type (RTMP 5.3.1.2). */
const messageHeaderBytes = [11, 7, 3, 0] as const;
const extendedMark = 0xffffff;
const longestHeader = 18;
const defaultChunkBytes = 128;
/** RTMP 5.4.1: 31 bits; more than the length of the longest message make no difference. What a message may take bounds memory. */
const largestChunkSize = 0x7fff_ffff;
const longestMessage = 0xffffff;

/** Takes bytes as the socket delivers them, gives messages; obeys Set Chunk Size and Abort itself. */
export class ChunkReader {
  readonly #limits: RtmpLimits;
  readonly #streams = new Map<number, ChunkStream>();
  readonly #header = Buffer.alloc(longestHeader);
  #headerFilled = 0;
  #input: Buffer = Buffer.alloc(0);
  #offset = 0;
  #chunkBytes = defaultChunkBytes;
  /** The stream whose chunk is being read, and how much of that chunk is still to come. */
  #current: ChunkStream | undefined;
  #chunkLeft = 0;
  #unfinishedBytes = 0;
  #mediaAllowed = false;
  /** Cleared by a sender that leaves the extended timestamp out of type 3 chunks. */
  #repeatsExtended = true;

  constructor(limits: RtmpLimits) {
    this.#limits = limits;
  }

  /** Media may now have their full size. */
  allowMedia(allowed: boolean): void {
    this.#mediaAllowed = allowed;
  }

  push(bytes: Buffer): void {
    this.#input =
      this.#offset >= this.#input.length ? bytes : Buffer.concat([this.#input.subarray(this.#offset), bytes]);
    this.#offset = 0;
  }

  /** The next complete message; its payload is nobody else's. Throws a ProtocolError on anything not allowed. */
  next(): RtmpMessage | undefined {
    while (this.#current !== undefined || this.#offset < this.#input.length) {
      if (this.#current === undefined && !this.#readHeader()) return undefined;
      const stream = this.#current;
      if (stream === undefined) continue;
      this.#readPayload(stream);
      if (this.#chunkLeft > 0) return undefined;
      this.#current = undefined;
      if (stream.payload === undefined || stream.filled < stream.bytes) continue;
      const message = this.#finish(stream, stream.payload);
      if (!this.#obey(message)) return message;
    }
    return undefined;
  }

  /** True when a whole header was there. */
  #readHeader(): boolean {
    for (;;) {
      const needed = this.#headerNeeded();
      if (this.#headerFilled === needed) break;
      const copied = this.#input.copy(
        this.#header,
        this.#headerFilled,
        this.#offset,
        this.#offset + needed - this.#headerFilled,
      );
      if (copied === 0) return false;
      this.#headerFilled += copied;
      this.#offset += copied;
    }
    this.#beginChunk();
    this.#headerFilled = 0;
    return true;
  }

  /** Length of the header as far as it can be told from what is there of it. */
  #headerNeeded(): number {
    if (this.#headerFilled === 0) return 1;
    const basicBytes = this.#basicBytes();
    if (this.#headerFilled < basicBytes) return basicBytes;
    const type = this.#chunkType();
    const plain = basicBytes + (messageHeaderBytes[type] ?? 0);
    if (this.#headerFilled < plain) return plain;
    const extended =
      type === 3
        ? this.#repeatsExtended && this.#streams.get(this.#chunkStreamId())?.extended === true
        : this.#header.readUIntBE(basicBytes, 3) === extendedMark;
    return plain + (extended ? 4 : 0);
  }

  #chunkType(): number {
    return (this.#header[0] ?? 0) >> 6;
  }

  #basicBytes(): number {
    const id = (this.#header[0] ?? 0) & 0x3f;
    return id === 0 ? 2 : id === 1 ? 3 : 1;
  }

  // RTMP 5.3.1.1
  #chunkStreamId(): number {
    const id = (this.#header[0] ?? 0) & 0x3f;
    if (id === 0) return 64 + (this.#header[1] ?? 0);
    if (id === 1) return 64 + this.#header.readUInt16LE(1);
    return id;
  }

  #beginChunk(): void {
    const type = this.#chunkType();
    const stream = this.#stream(this.#chunkStreamId(), type);
    if (type === 3) this.#beginRepeated(stream);
    else this.#beginDescribed(stream, type);
    this.#current = stream;
    this.#chunkLeft = Math.min(this.#chunkBytes, stream.bytes - stream.filled);
  }

  #stream(id: number, type: number): ChunkStream {
    const known = this.#streams.get(id);
    if (known) return known;
    // librtmp opens a stream with a type 1 header, which leaves out only the message stream.
    if (type > 1) throw new ProtocolError('a chunk stream begins without a header');
    if (this.#streams.size >= this.#limits.chunkStreams) throw new ProtocolError('too many chunk streams');
    const opened = {
      type: 0, streamId: 0, bytes: 0, timestamp: 0, field: 0, absolute: false, extended: false, payload: undefined, filled: 0,
    }; // prettier-ignore
    this.#streams.set(id, opened);
    return opened;
  }

  #beginDescribed(stream: ChunkStream, type: number): void {
    if (stream.payload !== undefined) throw new ProtocolError('a message begins inside another one');
    const at = this.#basicBytes();
    const field = this.#header.readUIntBE(at, 3);
    stream.extended = field === extendedMark;
    stream.field = stream.extended ? this.#header.readUInt32BE(this.#headerFilled - 4) : field;
    stream.absolute = type === 0;
    stream.timestamp = stream.absolute ? stream.field : (stream.timestamp + stream.field) >>> 0;
    if (type < 2) {
      stream.bytes = this.#header.readUIntBE(at + 3, 3);
      stream.type = this.#header[at + 6] ?? 0;
    }
    if (type === 0) stream.streamId = this.#header.readUInt32LE(at + 7);
    this.#beginMessage(stream);
  }

  #beginRepeated(stream: ChunkStream): void {
    if (stream.extended && this.#repeatsExtended) this.#checkRepeat(stream);
    if (stream.payload !== undefined) return;
    // RTMP 5.3.1.2.4 has an absolute time repeat as a difference; librtmp means none, and beyond 4 h so does everybody.
    const difference = stream.absolute && stream.extended ? 0 : stream.field;
    stream.timestamp = (stream.timestamp + difference) >>> 0;
    this.#beginMessage(stream);
  }

  /** Some senders leave the repeated extended timestamp out: what was read as one is then payload. */
  #checkRepeat(stream: ChunkStream): void {
    const repeated = this.#header.readUInt32BE(this.#headerFilled - 4);
    if (repeated === stream.field || repeated === stream.timestamp) return;
    this.#repeatsExtended = false;
    const misread = Buffer.from(this.#header.subarray(this.#headerFilled - 4, this.#headerFilled));
    this.#input = Buffer.concat([misread, this.#input.subarray(this.#offset)]);
    this.#offset = 0;
  }

  #beginMessage(stream: ChunkStream): void {
    const limit =
      this.#mediaAllowed && isMedia(stream.type) ? this.#limits.mediaMessageBytes : this.#limits.commandMessageBytes;
    if (stream.bytes > limit) throw new ProtocolError('a message is too long');
    this.#unfinishedBytes += stream.bytes;
    const { unfinishedBytes, unfinishedBytesBeforePublish } = this.#limits;
    if (this.#unfinishedBytes > (this.#mediaAllowed ? unfinishedBytes : unfinishedBytesBeforePublish))
      throw new ProtocolError('too many unfinished messages');
    // Media are kept: not from the pool, whose slabs a few small ones would keep as well.
    stream.payload = Buffer.allocUnsafeSlow(stream.bytes);
    stream.filled = 0;
  }

  #readPayload(stream: ChunkStream): void {
    if (stream.payload === undefined) return;
    const copied = this.#input.copy(stream.payload, stream.filled, this.#offset, this.#offset + this.#chunkLeft);
    stream.filled += copied;
    this.#offset += copied;
    this.#chunkLeft -= copied;
  }

  #finish(stream: ChunkStream, payload: Buffer): RtmpMessage {
    this.#forgetPayload(stream);
    return { type: stream.type, streamId: stream.streamId, timestamp: stream.timestamp, payload };
  }

  #forgetPayload(stream: ChunkStream): void {
    if (stream.payload === undefined) return;
    this.#unfinishedBytes -= stream.bytes;
    stream.payload = undefined;
    stream.filled = 0;
  }

  #obey({ type, payload }: RtmpMessage): boolean {
    if (type !== messageTypes.setChunkSize && type !== messageTypes.abort) return false;
    if (payload.length < 4) throw new ProtocolError('a control message is too short');
    const value = payload.readUInt32BE(0);
    if (type === messageTypes.setChunkSize) {
      if (value < 1 || value > largestChunkSize) throw new ProtocolError(`a chunk size of ${value} is not allowed`);
      this.#chunkBytes = Math.min(value, longestMessage);
    } else {
      const aborted = this.#streams.get(value);
      if (aborted) this.#forgetPayload(aborted);
    }
    return true;
  }
}

function isMedia(type: number): boolean {
  return type === messageTypes.video || type === messageTypes.audio || type === messageTypes.aggregate;
}
