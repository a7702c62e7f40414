const floorDb = -60;

/** How loud samples between −1 and 1 are: 0 at −60 dB or less, 1 at full scale. */
export function soundLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, 1 - db / floorDb));
}
