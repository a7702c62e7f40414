/** What is asked of the camera, and the most that is sent of it. */
export const captureSizes = {
  '360p': { width: 640, height: 360, maxBitrateBps: 1_000_000 },
  '720p': { width: 1280, height: 720, maxBitrateBps: 2_500_000 },
  '1080p': { width: 1920, height: 1080, maxBitrateBps: 4_500_000 },
} as const;

export type CaptureSize = keyof typeof captureSizes;
export const captureSizeNames = Object.keys(captureSizes) as CaptureSize[];
