import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketOrder, type OrderedPacket } from './packetOrder.ts';
import { rtpPacket } from './rtpPackets.fixture.ts';

const numbers = (packets: readonly OrderedPacket[]) => packets.map(({ packet, lost }) => [packet.sequence, lost]);

function pushAll(order: PacketOrder, sequences: readonly number[], nowMs = 0): number[][] {
  return sequences.flatMap((sequence) => numbers(order.push(rtpPacket({ sequence }), nowMs)));
}

describe('the order of packets', () => {
  it('is kept where nothing is missing, over the wrap of the sequence numbers', () => {
    const sequences = [65_533, 65_534, 65_535, 0, 1];
    expect(pushAll(new PacketOrder(), sequences)).toEqual(sequences.map((sequence) => [sequence, 0]));
  });

  it('is restored when a packet comes late', () => {
    const order = new PacketOrder();
    expect(pushAll(order, [65_534, 0, 1])).toEqual([[65_534, 0]]);
    expect(pushAll(order, [65_535])).toEqual([
      [65_535, 0],
      [0, 0],
      [1, 0],
    ]);
  });

  it('drops what has been passed on already', () => {
    expect(pushAll(new PacketOrder(), [5, 6, 5, 6, 7, 4])).toEqual([
      [5, 0],
      [6, 0],
      [7, 0],
    ]);
  });

  it('goes on without a packet that does not come, and says how many were lost', () => {
    const order = new PacketOrder();
    pushAll(order, [1, 4], 1000);
    expect(numbers(order.flush(1200))).toEqual([]);
    expect(numbers(order.flush(1300))).toEqual([[4, 2]]);
    expect(pushAll(order, [5], 1301)).toEqual([[5, 0]]);
  });

  it('does not let large packets wait without bounds for one that does not come', () => {
    const order = new PacketOrder();
    pushAll(order, [1]);
    const passed = Array.from({ length: 70 }, (_, index) =>
      order.push(rtpPacket({ sequence: index + 3, payload: Buffer.alloc(65_000) }), 0),
    ).map((packets) => packets.length);
    expect(passed.indexOf(65)).toBe(64);
    expect(passed.slice(65)).toEqual(Array(5).fill(1));
  });

  it('starts anew after a great jump', () => {
    const order = new PacketOrder();
    pushAll(order, [1, 2]);
    expect(pushAll(order, [30_000, 30_001, 10, 11])).toEqual([
      [30_000, 1],
      [30_001, 0],
      [10, 1],
      [11, 0],
    ]);
  });

  it('never goes back, and never keeps many', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.nat(20)), { maxLength: 300 }), (steps) => {
        const order = new PacketOrder();
        let sequence = 1000;
        let nowMs = 0;
        let last = -1;
        for (const [step, passedMs] of steps) {
          sequence = Math.max(0, sequence + step);
          nowMs += passedMs;
          for (const { packet } of order.push(rtpPacket({ sequence }), nowMs)) {
            expect(packet.sequence).toBeGreaterThan(last);
            last = packet.sequence;
          }
        }
      }),
    );
  });
});
