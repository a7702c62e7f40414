import { expect, it } from 'vitest';
import { withStartBitrate } from './startBitrate.ts';

const sdp = (lines: string[]) => `${lines.join('\r\n')}\r\n`;

it('is added to the picture’s codecs, whether they have parameters or not, and to nothing else', () => {
  const audio = ['m=audio 7 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 useinbandfec=1'];
  const video = ['m=video 7 UDP/TLS/RTP/SAVPF 96 97 98', 'a=rtpmap:96 H264/90000'];
  const answer = sdp([
    'v=0',
    ...audio,
    ...video,
    'a=fmtp:96 packetization-mode=1',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    'a=rtpmap:98 VP8/90000',
  ]);
  expect(withStartBitrate(answer, 1250)).toBe(
    sdp([
      'v=0',
      ...audio,
      ...video,
      'a=fmtp:96 packetization-mode=1;x-google-start-bitrate=1250',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
      'a=rtpmap:98 VP8/90000',
      'a=fmtp:98 x-google-start-bitrate=1250',
    ]),
  );
});

it('leaves an answer without a picture as it is', () => {
  const answer = sdp(['v=0', 'm=audio 7 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2']);
  expect(withStartBitrate(answer, 1250)).toBe(answer);
});
