import { expect, it } from 'vitest';
import { preferredVideoCodecs } from './codecPreferences.ts';

const codec = (mimeType: string, sdpFmtpLine?: string) => ({ mimeType, sdpFmtpLine, clockRate: 90_000 });
const vp8 = codec('video/VP8');
const rtx = codec('video/rtx');
const mode0 = codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f');
const mode1 = codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f');
const main = codec('video/H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f');

it('puts H.264 before VP8, its best form first, and offers nothing the server refuses', () => {
  const all = [vp8, rtx, codec('video/VP9'), mode0, main, mode1, codec('video/AV1'), codec('video/H265')];
  expect(preferredVideoCodecs(all)).toEqual([mode1, main, mode0, vp8, rtx]);
});

it('falls back to VP8, and to the browser’s own order when it has neither', () => {
  expect(preferredVideoCodecs([codec('video/VP9'), vp8])).toEqual([vp8]);
  expect(preferredVideoCodecs([codec('video/VP9'), rtx])).toEqual([]);
});
