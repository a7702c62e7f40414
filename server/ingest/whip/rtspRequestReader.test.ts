import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtspRequestReader } from './rtspRequestReader.ts';

const setup =
  'SETUP rtsp://127.0.0.1:5/secret/video RTSP/1.0\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nCSeq: 3\r\n\r\n';

describe('what a reader asks', () => {
  it('is understood however it is cut, with reports in between', () => {
    const bytes = Buffer.concat([Buffer.from(setup), Buffer.from('240100028080', 'hex'), Buffer.from(setup)]);
    const reader = new RtspRequestReader();
    const requests = [...bytes].flatMap((byte) => reader.push(Buffer.of(byte)) ?? []);
    expect(requests).toHaveLength(2);
    expect(requests[1]).toMatchObject({ method: 'SETUP', url: 'rtsp://127.0.0.1:5/secret/video', sequence: '3' });
    expect(requests[1]?.headers.get('transport')).toBe('RTP/AVP/TCP;unicast;interleaved=0-1');
  });

  it.each([
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'OPTIONS * RTSP/1.0\r\n\r\n',
    'ANNOUNCE rtsp://x RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 10\r\n\r\n',
    'x'.repeat(9000),
  ])('is refused when it is not RTSP, has no number, a body or no end', (text) => {
    expect(new RtspRequestReader().push(Buffer.from(text))).toBeUndefined();
  });

  it('never throws on noise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const reader = new RtspRequestReader();
        for (const chunk of chunks) reader.push(Buffer.from(chunk));
      }),
    );
  });
});
