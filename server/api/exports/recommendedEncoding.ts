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

/** The same in words. */
export const encodingAdvice =
  `H.264, ${width}×${height}, ${frameRate} frames a second, a constant ${videoBitrateKbps} kb/s, ` +
  `a key frame every ${keyFrameSeconds} seconds; AAC, ${audioBitrateKbps} kb/s.`;
