import type { RouterRtpCodecCapability } from 'mediasoup/types';
import { h264Profiles } from './sdp/h264Profile.ts';

/** What a router carries: one codec per H.264 profile that browsers send, VP8 and Opus. */
export const routerCodecs: RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  ...h264Profiles.map(({ profileLevelId }): RouterRtpCodecCapability => ({
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'level-asymmetry-allowed': 1, 'profile-level-id': profileLevelId },
  })),
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];
