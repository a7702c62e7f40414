import { describe, expect, it } from 'vitest';
import { encodeAnnounce, encodeInterleaved, encodeRequest, streamUrl } from './rtspBytes.fixture.ts';
import { defaultRtspLimits } from './limits.ts';
import { RtspProtocolError } from './message.ts';
import { MessageReader, type RtspMessage } from './messageReader.ts';

function read(...pieces: Buffer[]): RtspMessage[] {
  const reader = new MessageReader(defaultRtspLimits);
  const messages: RtspMessage[] = [];
  for (const piece of pieces) {
    reader.push(piece);
    for (let message = reader.next(); message; message = reader.next()) messages.push(message);
  }
  return messages;
}

/** What is compared: a message in words. */
function tell(message: RtspMessage): string {
  if (message.kind === 'packet') return `packet ${message.packet.channel} ${message.packet.payload.toString('hex')}`;
  if (message.kind === 'answer') return 'answer';
  const { method, url, sequence, headers, body } = message.request;
  return `${method} ${url} ${sequence} ${JSON.stringify([...headers])} ${body.length}`;
}

const stream = Buffer.concat([
  encodeRequest('OPTIONS', streamUrl, 1),
  encodeAnnounce(2),
  Buffer.from('\r\n'),
  encodeInterleaved(0, Buffer.from('24240d0a0d0a', 'hex')),
  encodeInterleaved(3, Buffer.alloc(0)),
  Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 7\r\n\r\n'),
  encodeRequest('TEARDOWN', streamUrl, 3, { Session: '1' }),
]);

describe('MessageReader', () => {
  it('gives each packet memory of its own, not a view of what the socket brought', () => {
    const [message] = read(Buffer.concat([encodeInterleaved(0, Buffer.alloc(6)), Buffer.alloc(50_000, '\r\n')]));
    expect(message?.kind === 'packet' && message.packet.payload.buffer.byteLength).toBe(6);
  });

  it('reads requests, interleaved packets and answers one after the other', () => {
    const messages = read(stream).map(tell);
    expect(messages.map((message) => message.split(' ')[0])).toEqual([
      'OPTIONS',
      'ANNOUNCE',
      'packet',
      'packet',
      'answer',
      'TEARDOWN',
    ]);
    expect(messages[2]).toBe('packet 0 24240d0a0d0a');
  });

  it('reads the same however the bytes are split in two', () => {
    const whole = read(stream).map(tell);
    for (let at = 1; at < stream.length; at += 1)
      expect(read(stream.subarray(0, at), stream.subarray(at)).map(tell)).toEqual(whole);
  });

  it('reads the same byte by byte', () => {
    const bytes = Array.from(stream, (byte) => Buffer.of(byte));
    expect(read(...bytes).map(tell)).toEqual(read(stream).map(tell));
  });

  it('joins folded and repeated headers, and does not care for their case', () => {
    const [message] = read(
      Buffer.from('SETUP rtsp://h/x RTSP/1.0\r\ncseq: 1\r\nTRANSPORT: a,\r\n  b\r\ntransport: c\r\n\r\n'),
    );
    expect(message?.kind === 'request' && message.request.headers.get('transport')).toBe('a, b, c');
  });

  it.each([
    ['another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    ['RTSP 2', 'OPTIONS rtsp://h/x RTSP/2.0\r\nCSeq: 1\r\n\r\n'],
    ['no CSeq', 'OPTIONS rtsp://h/x RTSP/1.0\r\nSession: 1\r\n\r\n'],
    ['a CSeq that is no number', 'OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: one\r\n\r\n'],
    ['a header without a name', 'OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\n: x\r\n\r\n'],
    ['a negative body', 'ANNOUNCE rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'ANNOUNCE rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a body that is too long', 'ANNOUNCE rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 99999\r\n\r\n'],
    ['a line without end', `OPTIONS ${'x'.repeat(5000)}`],
    ['a line that is too long', `OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\nX: ${'x'.repeat(5000)}\r\n\r\n`],
    ['headers without end', `OPTIONS rtsp://h/x RTSP/1.0\r\n${'X: y\r\n'.repeat(2000)}`],
    ['too many headers', `OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: 1\r\n${'X: y\r\n'.repeat(70)}\r\n`],
  ])('refuses %s', (_, text) => {
    expect(() => read(Buffer.from(text))).toThrow(RtspProtocolError);
  });
});
