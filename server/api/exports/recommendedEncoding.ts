/** What any encoder does well with: 720p at a bitrate most uplinks carry. */
export const recommendedEncoding = {
  width: 1280,
  height: 720,
  frameRate: 30,
  videoBitrateKbps: 2500,
  keyFrameSeconds: 2,
  audioBitrateKbps: 128,
  audioSampleRate: 48_000,
} as const;

const { width, height, frameRate, videoBitrateKbps, keyFrameSeconds, audioBitrateKbps } = recommendedEncoding;

/** The same in one sentence. */
export const encodingAdvice =
  `Send H.264 at ${width}×${height}, ${frameRate} frames a second and a constant ${videoBitrateKbps} kb/s, ` +
  `with a key frame every ${keyFrameSeconds} seconds, and AAC at ${audioBitrateKbps} kb/s.`;
