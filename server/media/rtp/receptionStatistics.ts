import type { Reception, SenderReport } from './receiverReport.ts';
import type { RtpPacket } from './rtpPacket.ts';
import { Unwrapper } from './wrapping.ts';

/** Counts what comes and what does not, as receiver reports tell it (RFC 3550 A.3, A.8). */
export class ReceptionStatistics {
  readonly #clockRate: number;
  #ssrc: number | undefined;
  #sequences = new Unwrapper(16);
  #first = 0;
  #highest = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #transit: number | undefined;
  #jitter = 0;
  #report: { readonly ntpMiddle: number; readonly atMs: number } | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  count({ ssrc, sequence, timestamp }: RtpPacket, nowMs: number): void {
    if (ssrc !== this.#ssrc) this.#begin(ssrc, sequence);
    this.#received += 1;
    this.#highest = Math.max(this.#highest, this.#sequences.unwrap(sequence));
    const transit = Math.round((nowMs * this.#clockRate) / 1000) - timestamp;
    // 32 bits, since the timestamp wraps.
    if (this.#transit !== undefined) this.#jitter += (Math.abs((transit - this.#transit) | 0) - this.#jitter) / 16;
    this.#transit = transit;
  }

  noteReport({ ntpMiddle }: SenderReport, nowMs: number): void {
    this.#report = { ntpMiddle, atMs: nowMs };
  }

  /** Undefined before the first packet. */
  next(nowMs: number): Reception | undefined {
    if (this.#ssrc === undefined) return undefined;
    const expected = this.#highest - this.#first + 1;
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    return {
      ssrc: this.#ssrc,
      fractionLost: expectedNow > 0 && lostNow > 0 ? Math.floor((lostNow * 256) / expectedNow) : 0,
      packetsLost: expected - this.#received,
      highestSequence: this.#highest,
      jitter: Math.round(this.#jitter),
      lastReportNtpMiddle: this.#report?.ntpMiddle ?? 0,
      sinceLastReport: this.#report ? Math.round((nowMs - this.#report.atMs) * 65.536) : 0,
    };
  }

  #begin(ssrc: number, sequence: number): void {
    this.#ssrc = ssrc;
    this.#sequences = new Unwrapper(16);
    this.#first = this.#highest = sequence;
    this.#received = this.#expectedBefore = this.#receivedBefore = 0;
    this.#transit = undefined;
    this.#jitter = 0;
  }
}
