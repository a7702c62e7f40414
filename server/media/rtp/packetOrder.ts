import type { RtpPacket } from './rtpPacket.ts';
import { Unwrapper } from './wrapping.ts';

/** A retransmission that takes longer than this comes too late. */
const waitMs = 250;
const maximumWaiting = 1024;
const maximumWaitingBytes = 4 * 1024 * 1024;
/** A step of the sequence numbers this large is a new start, not a loss. */
const maximumGap = 3000;

export interface OrderedPacket {
  readonly packet: RtpPacket;
  /** Packets before this one that did not come. */
  readonly lost: number;
}

/** Puts packets back in order, waiting a little for those that are sent again. */
export class PacketOrder {
  #unwrapper = new Unwrapper(16);
  #next: number | undefined;
  #waitingBytes = 0;
  readonly #waiting = new Map<number, { readonly packet: RtpPacket; readonly atMs: number }>();

  /** Packets that can be passed on now, in order. */
  push(packet: RtpPacket, nowMs: number): OrderedPacket[] {
    let sequence = this.#unwrapper.unwrap(packet.sequence);
    if (this.#next !== undefined && Math.abs(sequence - this.#next) > maximumGap) {
      this.#waiting.clear();
      this.#waitingBytes = 0;
      this.#unwrapper = new Unwrapper(16);
      sequence = this.#unwrapper.unwrap(packet.sequence);
      this.#next = sequence + 1;
      return [{ packet, lost: 1 }];
    }
    this.#next ??= sequence;
    if (sequence < this.#next) return [];
    if (sequence === this.#next && this.#waiting.size === 0) {
      this.#next += 1;
      return [{ packet, lost: 0 }];
    }
    this.#waitingBytes += packet.payload.length - (this.#waiting.get(sequence)?.packet.payload.length ?? 0);
    this.#waiting.set(sequence, { packet, atMs: nowMs });
    return this.#drain(nowMs);
  }

  /** What has waited long enough, where nothing else comes to push it on. */
  flush(nowMs: number): OrderedPacket[] {
    return this.#waiting.size === 0 ? [] : this.#drain(nowMs);
  }

  #drain(nowMs: number): OrderedPacket[] {
    const ordered: OrderedPacket[] = [];
    let lost = 0;
    for (;;) {
      const found = this.#takeNext();
      if (found) {
        ordered.push({ packet: found, lost });
        lost = 0;
      } else if (this.#mustGiveUp(nowMs)) {
        const first = Math.min(...this.#waiting.keys());
        lost += first - (this.#next ?? first);
        this.#next = first;
      } else return ordered;
    }
  }

  #takeNext(): RtpPacket | undefined {
    if (this.#next === undefined) return undefined;
    const found = this.#waiting.get(this.#next);
    if (!found) return undefined;
    this.#waiting.delete(this.#next);
    this.#waitingBytes -= found.packet.payload.length;
    this.#next += 1;
    return found.packet;
  }

  #mustGiveUp(nowMs: number): boolean {
    if (this.#waiting.size === 0) return false;
    if (this.#waiting.size > maximumWaiting || this.#waitingBytes > maximumWaitingBytes) return true;
    // Kept in the order of arrival: the first has waited longest.
    const [oldest] = this.#waiting.values();
    return oldest !== undefined && nowMs - oldest.atMs > waitMs;
  }
}
