import { describe, expect, it } from 'vitest';
import { readSenderReports, writeReceiverReport } from './receiverReport.ts';
import { ReceptionStatistics } from './receptionStatistics.ts';
import { rtpPacket } from './rtpPackets.fixture.ts';
import { writeSenderReport } from './senderReport.ts';

const report = { ssrc: 7, wallClockMs: 1_700_000_000_250, rtpTimestamp: 4_294_967_000, packets: 3, bytes: 4 };

describe('sender reports', () => {
  it('are read from compound packets', () => {
    const [read, ...more] = readSenderReports(Buffer.concat([writeSenderReport(report), writeSenderReport(report)]));
    expect(more).toHaveLength(1);
    expect(read).toMatchObject({ ssrc: 7, rtpTimestamp: report.rtpTimestamp });
    expect(read?.wallClockMs).toBeCloseTo(report.wallClockMs, 2);
  });

  it('of senders without a clock say nothing', () => {
    const bytes = writeSenderReport(report);
    bytes.fill(0, 8, 16);
    expect(readSenderReports(bytes)).toEqual([]);
  });

  it('are not read from what is damaged', () => {
    const bytes = writeSenderReport(report);
    for (let length = 0; length < 28; length += 1) expect(readSenderReports(bytes.subarray(0, length))).toEqual([]);
    expect(readSenderReports(Buffer.alloc(100))).toEqual([]);
    expect(readSenderReports(Buffer.from('80c80000'.repeat(10), 'hex'))).toEqual([]);
  });
});

describe('receiver reports', () => {
  it('say what was lost since the last one, over the wrap of the sequence numbers', () => {
    const statistics = new ReceptionStatistics(90_000);
    expect(statistics.next(0)).toBeUndefined();
    for (const sequence of [65_534, 65_535, 1]) statistics.count(rtpPacket({ ssrc: 9, sequence }), 0);
    expect(statistics.next(0)).toMatchObject({ ssrc: 9, fractionLost: 64, packetsLost: 1, highestSequence: 65_537 });
    statistics.count(rtpPacket({ ssrc: 9, sequence: 2 }), 0);
    expect(statistics.next(0)).toMatchObject({ fractionLost: 0, packetsLost: 1, highestSequence: 65_538 });
  });

  it('tell the jitter, also where timestamps wrap, and the time since the sender’s report', () => {
    const statistics = new ReceptionStatistics(90_000);
    for (let packet = 0; packet < 200; packet += 1) {
      const timestamp = (2 ** 32 - 180_000 + packet * 1800) % 2 ** 32;
      statistics.count(rtpPacket({ sequence: packet, timestamp }), packet * 20 + (packet % 2) * 10);
    }
    statistics.noteReport({ ssrc: 1, rtpTimestamp: 0, wallClockMs: 0, ntpMiddle: 0x1234 }, 4000);
    const reception = statistics.next(5000);
    expect(reception?.jitter).toBeGreaterThan(800);
    expect(reception?.jitter).toBeLessThanOrEqual(900);
    expect(reception).toMatchObject({ lastReportNtpMiddle: 0x1234, sinceLastReport: 65_536 });
  });

  it('are written with a block for the sender and a name', () => {
    const bytes = writeReceiverReport(5, {
      ssrc: 9,
      fractionLost: 300,
      packetsLost: -1,
      highestSequence: 65_537,
      jitter: 3,
      lastReportNtpMiddle: 4,
      sinceLastReport: 5,
    });
    expect(bytes.length % 4).toBe(0);
    const words = bytes.subarray(0, 32).toString('hex').match(/.{8}/g);
    expect(words?.join(' ')).toBe('81c90007 00000005 00000009 ffffffff 00010001 00000003 00000004 00000005');
    expect(bytes.readUInt16BE(34)).toBe((bytes.length - 32) / 4 - 1);
  });
});
