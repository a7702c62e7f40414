import { describe, expect, it } from 'vitest';
import { readUplink, uplinkAdvice, uplinkSample, type UplinkSample } from './uplink.ts';

function report(bytesSent: number, framesSent: number, packetsSent: number, packetsLost: number) {
  return new Map(
    [
      {
        id: 'v',
        type: 'outbound-rtp',
        kind: 'video',
        codecId: 'c',
        bytesSent,
        framesSent,
        packetsSent,
        frameWidth: 1280,
        frameHeight: 720,
        qualityLimitationReason: 'bandwidth',
      },
      { id: 'a', type: 'outbound-rtp', kind: 'audio', bytesSent: 1000, packetsSent: 50 },
      { id: 'r', type: 'remote-inbound-rtp', kind: 'video', packetsLost },
      { id: 'c', type: 'codec', mimeType: 'video/H264' },
      { id: 'other', type: 'transport' },
    ].map((stat) => [stat.id, stat]),
  );
}

describe('what is being sent', () => {
  it('is the difference of two readings', () => {
    const before = readUplink(report(100_000, 100, 1000, 5), 10_000);
    const after = readUplink(report(350_000, 160, 1200, 15), 12_000);
    expect(uplinkSample(before, after)).toEqual({
      bitrateBps: 1_000_000,
      frameRate: 30,
      width: 1280,
      height: 720,
      codec: 'H264',
      loss: 0.05,
      limitedBy: 'bandwidth',
    });
  });

  it('is not known right after a new connection, which counts from 0', () => {
    const before = readUplink(report(100_000, 100, 1000, 5), 10_000);
    expect(uplinkSample(before, readUplink(report(500, 1, 5, 0), 11_000))).toBeNull();
    expect(uplinkSample(before, before)).toBeNull();
  });

  it('copes with a report that has nothing yet', () => {
    expect(readUplink(new Map(), 0)).toMatchObject({ bytes: 0, codec: null, limitedBy: 'none' });
  });
});

describe('uplinkAdvice', () => {
  const good: UplinkSample = {
    bitrateBps: 2_400_000,
    frameRate: 30,
    width: 1280,
    height: 720,
    codec: 'H264',
    loss: 0,
    limitedBy: 'none',
  };
  const ten = (change: Partial<UplinkSample>) =>
    uplinkAdvice(Array.from({ length: 10 }, () => ({ ...good, ...change })));

  it('is silent while all is well, and before it knows', () => {
    expect(ten({})).toBeNull();
    expect(uplinkAdvice([{ ...good, frameRate: 0 }])).toBeNull();
  });

  it('names the cause: nothing leaves, losses, a busy machine, a slow line', () => {
    expect(ten({ frameRate: 0 })).toMatch(/Hardly any pictures/);
    expect(ten({ loss: 0.08 })).toMatch(/gets lost/);
    expect(ten({ limitedBy: 'cpu' })).toMatch(/too busy/);
    expect(ten({ limitedBy: 'bandwidth' })).toMatch(/carries less/);
  });
});
