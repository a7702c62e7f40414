import { describe, expect, it } from 'vitest';
import { dtvccPacket, serviceBlock } from './dtvcc.fixture.ts';
import { DtvccPackets } from './dtvccPackets.ts';
import { readServiceBlocks } from './serviceBlocks.ts';

function push(packets: DtvccPackets, triplets: Uint8Array) {
  const completed = [];
  for (let offset = 0; offset < triplets.length; offset += 3) {
    const packet = packets.push(triplets[offset]! & 3, triplets[offset + 1]!, triplets[offset + 2]!);
    if (packet) completed.push({ afterLoss: packet.afterLoss, blocks: [...packet.blocks] });
  }
  return completed;
}

describe('packets of digital captions', () => {
  it('are put together, and what comes before the first is left out', () => {
    const packets = new DtvccPackets();
    expect(push(packets, Uint8Array.of(0xfe, 1, 2, ...dtvccPacket(2, [3, 4, 5])))).toEqual([
      { afterLoss: false, blocks: [3, 4, 5] },
    ]);
  });

  it('have at most 128 bytes, which a size of nothing stands for', () => {
    const blocks = Array.from({ length: 127 }, (_, index) => index);
    const triplets = dtvccPacket(0, blocks);
    expect(triplets[1]! & 0x3f).toBe(0);
    expect(push(new DtvccPackets(), triplets)).toEqual([{ afterLoss: false, blocks }]);
  });

  it('tell of one that is missing, by their numbers', () => {
    const packets = new DtvccPackets();
    const lost = [3, 0, 1, 3, 0, 0, 0].map((sequence) => push(packets, dtvccPacket(sequence, [1]))[0]?.afterLoss);
    // Those that always have one number are of encoders that do not count.
    expect(lost).toEqual([false, false, false, true, false, false, false]);
  });

  it('tell of one that was cut off', () => {
    const packets = new DtvccPackets();
    expect(push(packets, dtvccPacket(0, [1, 2, 3, 4, 5]).subarray(0, 6))).toEqual([]);
    expect(push(packets, dtvccPacket(1, [6]))).toEqual([{ afterLoss: true, blocks: [6] }]);
    expect(push(packets, dtvccPacket(2, [7]))).toEqual([{ afterLoss: false, blocks: [7] }]);
  });
});

describe('blocks of services', () => {
  const read = (...bytes: number[]) =>
    readServiceBlocks(Uint8Array.from(bytes)).map(({ service, codes }) => [service, Array.from(codes)]);

  it('have numbers up to 63, and end with padding', () => {
    const blocks = [1, 6, 7, 63].flatMap((service) => serviceBlock({ service, codes: [0x41, 0x42] }));
    const all = [1, 6, 7, 63].map((service) => [service, [0x41, 0x42]]);
    expect(read(...blocks)).toEqual(all);
    expect(read(...blocks, 0, ...blocks)).toEqual(all);
  });

  it('are left out where they are empty, or numbered as nobody may', () => {
    expect(read(0x20, 0xe0, 0xe1, 0x03, 0x41, 0xe1, 0x00, 0x41, 0x21, 0x42)).toEqual([[1, [0x42]]]);
  });

  it('end with their packet', () => {
    expect(read(0x3f, 0x41)).toEqual([[1, [0x41]]]);
    expect(read(0xe5)).toEqual([]);
    expect(read(0xe5, 0x09)).toEqual([]);
  });
});
