import { readSenderReports, writeReceiverReport, type SenderReport } from '../../media/rtp/receiverReport.ts';
import { ReceptionStatistics } from '../../media/rtp/receptionStatistics.ts';
import { parseRtpPacket, type RtpPacket } from '../../media/rtp/rtpPacket.ts';
import type { UdpPorts } from './udpPorts.ts';

/** Ports of ours, closed with the track, and the one of the sender for what we report. */
export interface UdpPath {
  readonly ports: UdpPorts;
  readonly clientRtcpPort: number;
}

export interface TrackReceiverOptions {
  readonly payloadType: number;
  readonly clockRate: number;
  /** None for a track on the RTSP connection. */
  readonly udp?: UdpPath;
  readonly monotonicNow: () => number;
  packet(packet: RtpPacket): void;
  report(report: SenderReport): void;
}

/** Where one track comes in, interleaved or over UDP, and what is told to its sender about it. */
export class TrackReceiver {
  readonly #options: TrackReceiverOptions;
  readonly #statistics: ReceptionStatistics;

  constructor(options: TrackReceiverOptions) {
    this.#options = options;
    this.#statistics = new ReceptionStatistics(options.clockRate);
  }

  /** Media may come: over UDP they are taken from now on. */
  listen(): void {
    this.#options.udp?.ports.listen(
      (bytes) => this.takeRtp(bytes),
      (bytes) => this.takeRtcp(bytes),
    );
  }

  takeRtp(bytes: Buffer): void {
    const packet = parseRtpPacket(bytes);
    if (!packet || packet.payloadType !== this.#options.payloadType) return;
    this.#statistics.count(packet, this.#options.monotonicNow());
    this.#options.packet(packet);
  }

  takeRtcp(bytes: Buffer): void {
    for (const report of readSenderReports(bytes)) {
      this.#statistics.noteReport(report, this.#options.monotonicNow());
      this.#options.report(report);
    }
  }

  /** Over UDP, where the sender cannot know otherwise how its packets arrive. */
  sendReceiverReport(ownSsrc: number): void {
    const { udp, monotonicNow } = this.#options;
    const reception = udp && this.#statistics.next(monotonicNow());
    if (reception) udp.ports.sendRtcp(writeReceiverReport(ownSsrc, reception), udp.clientRtcpPort);
  }

  /** Idempotent; never rejects. */
  close(): Promise<void> {
    return this.#options.udp?.ports.close() ?? Promise.resolve();
  }
}
