import { rtpPacketBytes, writeRtpPacket } from '../../media/rtp/rtpPacket.ts';
import { fuA, idrSlice, pps, rtpPacket, slice, sps, stapA } from '../../media/rtp/rtpPackets.fixture.ts';
import { writeSenderReport } from '../../media/rtp/senderReport.ts';

/** The encoder's side of the protocol, as far as tests need to speak it byte by byte. */
export const streamUrl = 'rtsp://192.0.2.2:8554/live/0_abcdefgh_1';

/** As ffmpeg writes it. */
export const description = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=No Name',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'a=tool:libavformat LIBAVFORMAT_VERSION',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z2QADKzZQUGfnwEQAAADABAAAAMDIPFCmWA=,aO+Pyw==; profile-level-id=64000C',
  'a=control:streamid=0',
  'm=audio 0 RTP/AVP 97',
  'b=AS:69',
  'a=rtpmap:97 MPEG4-GENERIC/44100/1',
  'a=fmtp:97 profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3; config=120856E500',
  'a=control:streamid=1',
  '',
].join('\r\n');

/** As GStreamer's rtspclientsink writes it. */
export const gstreamerDescription = [
  'v=0',
  'o=- 3223347495 1 IN IP4 127.0.0.1',
  's=Session streamed with GStreamer',
  'i=rtspclientsink',
  't=0 0',
  'm=audio 0 RTP/AVP 96',
  'c=IN IP4 0.0.0.0',
  'a=rtpmap:96 MP4A-LATM/44100',
  'a=fmtp:96 cpresent=0;config=40002410',
  'a=control:stream=1',
  'm=video 0 RTP/AVP 99',
  'c=IN IP4 0.0.0.0',
  'b=AS:2097',
  'a=rtpmap:99 H264/90000',
  'a=framerate:25',
  'a=fmtp:99 packetization-mode=1;sprop-parameter-sets=Z2QAFKzZQUH7AWoMDA1KAAADAAIAAAMAZR4oUyw=,aOvssiw=;profile-level-id=640014',
  'a=control:stream=0',
  '',
].join('\r\n');

export function encodeRequest(
  method: string,
  url: string,
  sequence: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Buffer {
  const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ CSeq: String(sequence), ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.from([`${method} ${url} RTSP/1.0`, ...lines, '', body].join('\r\n'));
}

export function encodeAnnounce(sequence: number, url = `${streamUrl}?token=t0k`, sdp = description): Buffer {
  return encodeRequest('ANNOUNCE', url, sequence, { 'Content-Type': 'application/sdp' }, sdp);
}

export function encodeSetup(sequence: number, track: number, transport?: string): Buffer {
  const interleaved = `RTP/AVP/TCP;unicast;interleaved=${track * 2}-${track * 2 + 1};mode=record`;
  return encodeRequest('SETUP', `${streamUrl}/streamid=${track}`, sequence, { Transport: transport ?? interleaved });
}

/** ANNOUNCE to RECORD, both tracks interleaved. */
export function encodeBeginning(): Buffer {
  const record = encodeRequest('RECORD', streamUrl, 4, { Range: 'npt=0.000-' });
  return Buffer.concat([encodeAnnounce(1), encodeSetup(2, 0), encodeSetup(3, 1), record]);
}

/** RFC 2326 10.12 */
export function encodeInterleaved(channel: number, payload: Buffer): Buffer {
  const head = Buffer.of(0x24, channel, 0, 0);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

export function encodeRtp(...packet: Parameters<typeof rtpPacket>): Buffer {
  const whole = rtpPacket(...packet);
  const bytes = Buffer.alloc(rtpPacketBytes(whole.payload));
  writeRtpPacket(bytes, 0, whole);
  return bytes;
}

/** One access unit of `bytes`, with 13 bits of size and 3 of index (RFC 3640 3.3.6). */
export function aacPayload(bytes: number): Buffer {
  const payload = Buffer.alloc(4 + bytes, 0x21);
  payload.writeUInt16BE(16, 0);
  payload.writeUInt16BE(bytes << 3, 2);
  return payload;
}

export interface EncodedMedia {
  readonly pictures: number;
  readonly videoStart: number;
  readonly audioStart: number;
}

/** Sender reports, then pictures at 25 Hz with a key frame first, and sound beside them. */
export function encodeMedia({ pictures, videoStart, audioStart }: EncodedMedia): Buffer {
  const report = (channel: number, ssrc: number, rtpTimestamp: number) =>
    encodeInterleaved(
      channel,
      writeSenderReport({ ssrc, wallClockMs: 1_700_000_000_000, rtpTimestamp, packets: 0, bytes: 0 }),
    );
  const parts = [report(1, 1, videoStart), report(3, 2, audioStart)];
  let sequence = 65_500;
  const video = (timestamp: number, payload: Buffer, marker: boolean) => {
    sequence += 1;
    parts.push(
      encodeInterleaved(0, encodeRtp({ sequence: sequence & 0xffff, timestamp: timestamp >>> 0, payload, marker })),
    );
  };
  for (let picture = 0; picture < pictures; picture += 1) {
    const timestamp = videoStart + picture * 3600;
    if (picture % 25 === 0) {
      video(timestamp, stapA(sps, pps), false);
      const fragments = fuA(Buffer.concat([idrSlice, Buffer.alloc(300, 7)]), 3);
      for (const [index, fragment] of fragments.entries()) video(timestamp, fragment, index === 2);
    } else video(timestamp, slice, true);
    const audioTimestamp = (audioStart + picture * 1764) >>> 0;
    const audio = { payloadType: 97, ssrc: 2, sequence: picture & 0xffff, timestamp: audioTimestamp, marker: true };
    parts.push(encodeInterleaved(2, encodeRtp({ ...audio, payload: aacPayload(40) })));
  }
  return Buffer.concat(parts);
}
