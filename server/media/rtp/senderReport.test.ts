import { describe, expect, it } from 'vitest';
import { ntpToUnixMs, writeSenderReport } from './senderReport.ts';

describe('a sender report', () => {
  const report = writeSenderReport({
    ssrc: 0x01020304,
    wallClockMs: 1_500_000_000_500,
    rtpTimestamp: 2 ** 32 + 7,
    packets: 5,
    bytes: 600,
  });

  it('ties a wall clock to an RTP timestamp', () => {
    expect(report.readUInt8(1)).toBe(200);
    expect(report.readUInt16BE(2)).toBe(6);
    expect(report.readUInt32BE(4)).toBe(0x01020304);
    expect(ntpToUnixMs(report.readUInt32BE(8), report.readUInt32BE(12))).toBe(1_500_000_000_500);
    expect(report.readUInt32BE(16)).toBe(7);
  });

  it('is a compound packet of whole words with a CNAME', () => {
    expect(report.length % 4).toBe(0);
    expect(28 + 4 * (report.readUInt16BE(30) + 1)).toBe(report.length);
    expect(report.toString('latin1')).toContain('tallylight');
  });

  it('is read rightly after the wrap of 2036', () => {
    expect(ntpToUnixMs(10, 0)).toBe((2 ** 32 + 10 - 2_208_988_800) * 1000);
  });
});
