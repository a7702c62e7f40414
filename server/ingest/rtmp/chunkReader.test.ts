import { describe, expect, it } from 'vitest';
import { ChunkReader } from './chunkReader.ts';
import { writeChunks } from './chunkWriter.ts';
import { defaultRtmpLimits } from './limits.ts';
import { messageTypes, type RtmpMessage } from './message.ts';
import { ProtocolError } from './protocolError.ts';
import { encodeChunks, encodeControl, type SentMessage } from './encoder.fixture.ts';

/** Bytes that tell their position. */
const pattern = (length: number) => Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 7 + 3) & 0xff));

function newReader(): ChunkReader {
  const reader = new ChunkReader(defaultRtmpLimits);
  reader.allowMedia(true);
  return reader;
}

function readAll(reader: ChunkReader, ...pieces: Buffer[]): RtmpMessage[] {
  const messages: RtmpMessage[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let message = reader.next(); message; message = reader.next()) messages.push(message);
  }
  return messages;
}

const video = (more: Partial<SentMessage> = {}): SentMessage => ({
  type: messageTypes.video,
  payload: pattern(300),
  chunkStreamId: 6,
  streamId: 1,
  ...more,
});

describe('ChunkReader', () => {
  it('puts messages together at every chunk size boundary', () => {
    for (const chunkBytes of [1, 2, 127, 128, 129, 4096, 60_000, 65_535, 65_536, 65_537, 200_000]) {
      const reader = newReader();
      readAll(reader, encodeControl(messageTypes.setChunkSize, chunkBytes));
      for (const length of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 2 * chunkBytes + 1]) {
        const payload = pattern(length);
        const [message] = readAll(reader, encodeChunks(video({ payload, chunkBytes })));
        expect(message?.payload.equals(payload)).toBe(true);
      }
    }
  });

  it.each([1_000_000, 0xfffffe, 0xffffff, 0x1000000, 0x7fff_ffff])(
    'takes a chunk size of %d, which no message need fill, in whatever pieces it comes',
    (chunkBytes) => {
      const reader = newReader();
      const payload = pattern(300_000);
      const bytes = encodeChunks(video({ payload, chunkBytes: payload.length }));
      const cuts = [0, 5, 70_000, 200_000, bytes.length];
      const pieces = cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
      const messages = readAll(reader, encodeControl(messageTypes.setChunkSize, chunkBytes), ...pieces, bytes);
      expect(messages.map((message) => message.payload.equals(payload))).toEqual([true, true]);
    },
  );

  it('does not mind where the socket cuts', () => {
    const bytes = Buffer.concat([
      encodeChunks(video({ field: 0xffffff + 5, chunkStreamId: 70 })),
      encodeChunks(video({ headerType: 1, field: 40, chunkStreamId: 70 })),
      encodeChunks(video({ headerType: 3, field: 40, chunkStreamId: 70 })),
      encodeChunks(video({ field: 9, chunkStreamId: 4000, payload: pattern(10) })),
    ]);
    const whole = readAll(newReader(), bytes);
    expect(whole.map(({ timestamp }) => timestamp)).toEqual([0xffffff + 5, 0xffffff + 45, 0xffffff + 85, 9]);
    for (let cut = 1; cut < bytes.length; cut += 1)
      expect(readAll(newReader(), bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    expect(readAll(newReader(), ...Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(whole);
  });

  it('gives each message memory of its own, however small', () => {
    const messages = readAll(
      newReader(),
      ...Array.from({ length: 3 }, () => encodeChunks(video({ payload: pattern(6) }))),
    );
    expect(messages.map(({ payload }) => payload.buffer.byteLength)).toEqual([6, 6, 6]);
  });

  it('keeps interleaved chunk streams apart', () => {
    const first = encodeChunks(video());
    const second = encodeChunks(video({ type: messageTypes.audio, chunkStreamId: 4, payload: pattern(200) }));
    const interleaved = [
      first.subarray(0, 140), second.subarray(0, 140), first.subarray(140, 269), second.subarray(140), first.subarray(269),
    ]; // prettier-ignore
    const messages = readAll(newReader(), ...interleaved);
    expect(messages.map(({ type, payload }) => [type, payload.equals(pattern(payload.length))])).toEqual([
      [messageTypes.audio, true],
      [messageTypes.video, true],
    ]);
  });

  it('adds differences to the last timestamp, and repeats them for headers of type 3', () => {
    const messages = readAll(
      newReader(),
      encodeChunks(video({ field: 1000 })),
      encodeChunks(video({ headerType: 1, field: 40 })),
      encodeChunks(video({ headerType: 2, field: 30 })),
      encodeChunks(video({ headerType: 3 })),
    );
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([1000, 1040, 1070, 1100]);
    expect(messages.every(({ streamId, type }) => streamId === 1 && type === messageTypes.video)).toBe(true);
  });

  it('takes an absolute time as the difference for a following header of type 3', () => {
    const messages = readAll(newReader(), encodeChunks(video({ field: 40 })), encodeChunks(video({ headerType: 3 })));
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([40, 80]);
  });

  it('does not double an extended absolute time', () => {
    const field = 0x0100_0000;
    const bytes = [encodeChunks(video({ field })), encodeChunks(video({ headerType: 3, field }))];
    expect(readAll(newReader(), ...bytes).map(({ timestamp }) => timestamp)).toEqual([field, field]);
  });

  it('wraps timestamps at 2^32', () => {
    const messages = readAll(
      newReader(),
      encodeChunks(video({ field: 0xffff_fff0 })),
      encodeChunks(video({ headerType: 1, field: 40 })),
    );
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([0xffff_fff0, 24]);
  });

  for (const field of [0xfffffe, 0xffffff, 0x1000000, 0x7fff_ffff, 0xffff_ffff]) {
    it(`reads a timestamp of ${field} in every chunk, whether or not it is repeated`, () => {
      for (const repeatsExtended of [true, false]) {
        const reader = newReader();
        const next = video({ field, repeatsExtended });
        const messages = readAll(reader, encodeChunks(next), encodeChunks(next), encodeChunks(next));
        expect(messages.map((message) => [message.timestamp, message.payload.equals(next.payload)])).toEqual(
          Array.from({ length: 3 }, () => [field, true]),
        );
      }
    });
  }

  it('forgets an aborted message', () => {
    const bytes = [
      encodeChunks(video()).subarray(0, 140),
      encodeControl(messageTypes.abort, 6),
      encodeChunks(video({ payload: pattern(5) })),
    ];
    expect(readAll(newReader(), ...bytes).map(({ payload }) => payload.length)).toEqual([5]);
  });

  it('reads what the writer writes', () => {
    const payload = pattern(1000);
    const bytes = writeChunks({ type: messageTypes.amf0Command, streamId: 1, payload }, 5, 128);
    expect(readAll(newReader(), bytes)).toEqual([
      { type: messageTypes.amf0Command, streamId: 1, timestamp: 0, payload },
    ]);
  });
});

describe('ChunkReader refuses', () => {
  const reading =
    (...pieces: Buffer[]) =>
    () =>
      readAll(newReader(), ...pieces);

  it('what is not allowed with a ProtocolError', () => {
    expect(reading(encodeControl(messageTypes.setChunkSize, 0))).toThrow(ProtocolError);
  });

  it('chunk sizes of 0 and of more than 31 bits', () => {
    for (const size of [0, 0x8000_0000, 0xffff_ffff])
      expect(reading(encodeControl(messageTypes.setChunkSize, size))).toThrow('chunk size');
  });

  it('messages longer than their kind may be', () => {
    const header = (type: number, length: number) => {
      const bytes = encodeChunks(video({ type, payload: pattern(1) })).subarray(0, 12);
      bytes.writeUIntBE(length, 4, 3);
      return bytes;
    };
    expect(reading(header(messageTypes.video, 8 * 1024 * 1024 + 1))).toThrow('too long');
    expect(reading(header(messageTypes.amf0Command, 64 * 1024 + 1))).toThrow('too long');
    expect(readAll(newReader(), header(messageTypes.video, 8 * 1024 * 1024))).toEqual([]);
  });

  it('long media before publishing is allowed', () => {
    const reader = new ChunkReader(defaultRtmpLimits);
    reader.push(encodeChunks(video({ payload: Buffer.alloc(70_000) })));
    expect(() => reader.next()).toThrow('too long');
  });

  it('more unfinished messages than memory is meant for', () => {
    const begun = Array.from({ length: 3 }, (_, index) =>
      encodeChunks(video({ chunkStreamId: 3 + index, payload: Buffer.alloc(7_000_000) })).subarray(0, 12 + 128),
    );
    expect(reading(...begun)).toThrow('unfinished');
  });

  it('more than 64 chunk streams', () => {
    const opened = Array.from({ length: 65 }, (_, index) => encodeChunks(video({ chunkStreamId: 3 + index })));
    expect(readAll(newReader(), ...opened.slice(0, 64))).toHaveLength(64);
    expect(reading(...opened)).toThrow('too many chunk streams');
  });

  it('a chunk stream that begins without a header, and a message inside another', () => {
    expect(reading(encodeChunks(video({ headerType: 3 })))).toThrow('without a header');
    expect(reading(encodeChunks(video({ headerType: 2 })))).toThrow('without a header');
    expect(reading(encodeChunks(video()).subarray(0, 140), encodeChunks(video()))).toThrow('inside another');
  });
});
