import { words, writeBox } from './boxWriter.ts';

/** From 1900, where NTP counts from, to 1970. */
const ntpOffsetSeconds = 2_208_988_800;

/** `prft` (ISO/IEC 14496-12 8.16.5): the wall clock (Unix ms) at which an encoder had what is at a time of the track. */
export function writeProducerReference(
  trackId: number,
  wallClockMs: number,
  mediaTicks: number,
): Uint8Array<ArrayBuffer> {
  const seconds = Math.floor(wallClockMs / 1000);
  const fraction = Math.floor((wallClockMs / 1000 - seconds) * 2 ** 32);
  // Version 1: 64 bits of media time. No flags: when it went into the encoder.
  return writeBox(
    'prft',
    words(0x01000000, trackId, (seconds + ntpOffsetSeconds) % 2 ** 32, fraction),
    words(Math.floor(mediaTicks / 2 ** 32), mediaTicks % 2 ** 32),
  );
}
