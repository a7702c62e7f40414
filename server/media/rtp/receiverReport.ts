import { ntpToUnixMs } from './senderReport.ts';

/** RFC 3550 6.4.1, as far as timing goes. */
export interface SenderReport {
  readonly ssrc: number;
  readonly rtpTimestamp: number;
  /** Unix ms of `rtpTimestamp` by the sender's clock. */
  readonly wallClockMs: number;
  /** The middle 32 bits of its NTP timestamp, to be sent back. */
  readonly ntpMiddle: number;
}

const senderReportType = 200;

/** The sender reports of a compound RTCP packet; what is malformed ends it. */
export function readSenderReports(bytes: Buffer): SenderReport[] {
  const reports: SenderReport[] = [];
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const end = offset + 4 + bytes.readUInt16BE(offset + 2) * 4;
    if (bytes.readUInt8(offset) >> 6 !== 2 || end > bytes.length) break;
    if (bytes.readUInt8(offset + 1) === senderReportType && end - offset >= 28) {
      const [ntpSeconds, ntpFraction] = [bytes.readUInt32BE(offset + 8), bytes.readUInt32BE(offset + 12)];
      // RFC 3550 6.4.1: 0 from a sender that has no clock.
      if (ntpSeconds !== 0 || ntpFraction !== 0)
        reports.push({
          ssrc: bytes.readUInt32BE(offset + 4),
          rtpTimestamp: bytes.readUInt32BE(offset + 16),
          wallClockMs: ntpToUnixMs(ntpSeconds, ntpFraction),
          ntpMiddle: bytes.readUInt32BE(offset + 10),
        });
    }
    offset = end;
  }
  return reports;
}

/** One report block (RFC 3550 6.4.1). */
export interface Reception {
  readonly ssrc: number;
  /** Share of packets lost since the last report, in 1/256. */
  readonly fractionLost: number;
  readonly packetsLost: number;
  /** With the count of its wraps in the upper 16 bits. */
  readonly highestSequence: number;
  /** RTP clock ticks. */
  readonly jitter: number;
  readonly lastReportNtpMiddle: number;
  /** 1/65536 s since that report; 0 without one. */
  readonly sinceLastReport: number;
}

/** An RTCP receiver report and the SDES item every compound packet needs (RFC 3550 6.4.2, 6.5). */
export function writeReceiverReport(ownSsrc: number, reception: Reception): Buffer {
  const cname = 'tallylight';
  const sdesBytes = Math.ceil((4 + 4 + 2 + cname.length + 1) / 4) * 4;
  const report = Buffer.alloc(32 + sdesBytes);
  report.writeUInt8(0x81, 0);
  report.writeUInt8(201, 1);
  report.writeUInt16BE(7, 2);
  report.writeUInt32BE(ownSsrc, 4);
  report.writeUInt32BE(reception.ssrc, 8);
  report.writeUInt8(Math.min(255, Math.max(0, reception.fractionLost)), 12);
  // A signed 24-bit number: packets that came twice may make it negative.
  report.writeIntBE(Math.min(0x7fffff, Math.max(-0x800000, reception.packetsLost)), 13, 3);
  report.writeUInt32BE(reception.highestSequence >>> 0, 16);
  report.writeUInt32BE(reception.jitter >>> 0, 20);
  report.writeUInt32BE(reception.lastReportNtpMiddle, 24);
  report.writeUInt32BE(reception.sinceLastReport >>> 0, 28);
  report.writeUInt8(0x81, 32);
  report.writeUInt8(202, 33);
  report.writeUInt16BE(sdesBytes / 4 - 1, 34);
  report.writeUInt32BE(ownSsrc, 36);
  report.writeUInt8(1, 40);
  report.writeUInt8(cname.length, 41);
  report.write(cname, 42, 'latin1');
  return report;
}
