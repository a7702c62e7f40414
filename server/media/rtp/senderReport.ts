/** Seconds from 1900 (NTP) to 1970 (Unix). */
const ntpEpochSeconds = 2_208_988_800;

export interface SenderReportFields {
  readonly ssrc: number;
  /** Unix ms of `rtpTimestamp`. */
  readonly wallClockMs: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly bytes: number;
}

/** An RTCP sender report without report blocks, and the SDES item every compound packet needs (RFC 3550 6.4.1, 6.5). */
export function writeSenderReport({ ssrc, wallClockMs, rtpTimestamp, packets, bytes }: SenderReportFields): Buffer {
  const cname = 'tallylight';
  const sdesBytes = Math.ceil((4 + 4 + 2 + cname.length + 1) / 4) * 4;
  const report = Buffer.alloc(28 + sdesBytes);
  const seconds = Math.floor(wallClockMs / 1000);
  report.writeUInt8(0x80, 0);
  report.writeUInt8(200, 1);
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(ssrc, 4);
  report.writeUInt32BE((seconds + ntpEpochSeconds) % 2 ** 32, 8);
  report.writeUInt32BE(Math.floor((wallClockMs / 1000 - seconds) * 2 ** 32), 12);
  report.writeUInt32BE(rtpTimestamp >>> 0, 16);
  report.writeUInt32BE(packets >>> 0, 20);
  report.writeUInt32BE(bytes >>> 0, 24);
  report.writeUInt8(0x81, 28);
  report.writeUInt8(202, 29);
  report.writeUInt16BE(sdesBytes / 4 - 1, 30);
  report.writeUInt32BE(ssrc, 32);
  report.writeUInt8(1, 36);
  report.writeUInt8(cname.length, 37);
  report.write(cname, 38, 'latin1');
  return report;
}

/** Unix ms of an NTP timestamp (seconds since 1900, fraction of 2^-32 s), which wraps in 2036. */
export function ntpToUnixMs(ntpSeconds: number, ntpFraction: number): number {
  const era = ntpSeconds < ntpEpochSeconds ? 2 ** 32 : 0;
  return (ntpSeconds + era - ntpEpochSeconds) * 1000 + (ntpFraction * 1000) / 2 ** 32;
}
