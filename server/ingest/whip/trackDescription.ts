import type { SourceTracks } from '../../media/track.ts';

/** A track as it is fed to ffmpeg. */
export interface FedTrack {
  readonly kind: 'audio' | 'video';
  readonly payloadType: number;
  readonly ssrc: number;
  /** Interleaved channel of its RTP; RTCP has the next one. */
  readonly channel: number;
}

const encodingNames = { h264: 'H264', vp8: 'VP8' };

/** The session description that ffmpeg is given. H.264 parameter sets come with the key frames. */
export function describeTracks(
  { video, audio }: SourceTracks,
  newSsrc: () => number,
): { description: string; tracks: FedTrack[] } {
  const lines = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'a=control:*'];
  const tracks: FedTrack[] = [];
  if (video) {
    tracks.push({ kind: 'video', payloadType: 96, ssrc: newSsrc(), channel: 0 });
    lines.push('m=video 0 RTP/AVP 96', `a=rtpmap:96 ${encodingNames[video.codec]}/90000`);
    if (video.codec === 'h264') lines.push('a=fmtp:96 packetization-mode=1');
    lines.push('a=control:video');
  }
  if (audio) {
    tracks.push({ kind: 'audio', payloadType: 97, ssrc: newSsrc(), channel: 2 });
    lines.push('m=audio 0 RTP/AVP 97', 'a=rtpmap:97 opus/48000/2', 'a=fmtp:97 sprop-stereo=1', 'a=control:audio');
  }
  return { description: `${lines.join('\r\n')}\r\n`, tracks };
}
