/** What the browser has sent so far, out of its statistics. */
export interface UplinkCounters {
  readonly atMs: number;
  readonly bytes: number;
  readonly frames: number;
  readonly packets: number;
  readonly packetsLost: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string | null;
  readonly limitedBy: string;
}

/** One second of sending. */
export interface UplinkSample {
  readonly bitrateBps: number;
  readonly frameRate: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string | null;
  /** Share of packets that were lost, 0 to 1. */
  readonly loss: number;
  /** What keeps the encoder below its best: `none`, `bandwidth`, `cpu`, `other`. */
  readonly limitedBy: string;
}

interface AnyStat {
  readonly id: string;
  readonly type: string;
  readonly kind?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly bytesSent?: number;
  readonly framesSent?: number;
  readonly packetsSent?: number;
  readonly packetsLost?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly qualityLimitationReason?: string;
}

/** Reads an RTCStatsReport (W3C webrtc-stats). */
export function readUplink(report: Iterable<[string, AnyStat]>, atMs: number): UplinkCounters {
  const stats = [...report].map(([, stat]) => stat);
  const sent = stats.filter(({ type }) => type === 'outbound-rtp');
  const lost = stats.filter(({ type }) => type === 'remote-inbound-rtp');
  const video = sent.find(({ kind }) => kind === 'video');
  const codec = stats.find(({ type, id }) => type === 'codec' && id === video?.codecId);
  return {
    atMs,
    bytes: sum(sent.map((stat) => stat.bytesSent)),
    frames: video?.framesSent ?? 0,
    packets: sum(sent.map((stat) => stat.packetsSent)),
    packetsLost: sum(lost.map((stat) => stat.packetsLost)),
    width: video?.frameWidth ?? 0,
    height: video?.frameHeight ?? 0,
    codec: codec?.mimeType?.replace(/^video\//, '') ?? null,
    limitedBy: video?.qualityLimitationReason ?? 'none',
  };
}

/** What happened between two readings; a new connection counts from 0, and then nothing can be said yet. */
export function uplinkSample(before: UplinkCounters, after: UplinkCounters): UplinkSample | null {
  const seconds = (after.atMs - before.atMs) / 1000;
  if (seconds <= 0 || after.bytes < before.bytes) return null;
  const packets = after.packets - before.packets;
  const { width, height, codec, limitedBy } = after;
  return {
    bitrateBps: ((after.bytes - before.bytes) * 8) / seconds,
    frameRate: Math.max(0, after.frames - before.frames) / seconds,
    loss: packets > 0 ? Math.min(1, Math.max(0, after.packetsLost - before.packetsLost) / packets) : 0,
    width,
    height,
    codec,
    limitedBy,
  };
}

/** What to do about a bad uplink, from the last ten seconds; null when it is good. */
export function uplinkAdvice(samples: readonly UplinkSample[]): string | null {
  if (samples.length < 5) return null;
  const share = (matches: (sample: UplinkSample) => boolean) => samples.filter(matches).length / samples.length;
  if (share(({ frameRate }) => frameRate < 1) > 0.5)
    return 'Hardly any pictures are leaving this machine. Check the connection.';
  if (sum(samples.map(({ loss }) => loss)) / samples.length > 0.04)
    return 'Much gets lost on the way to the server. A cable, or being nearer to the Wi-Fi, helps.';
  if (share(({ limitedBy }) => limitedBy === 'cpu') > 0.6)
    return 'This machine is too busy to encode well. Close other programs, or choose a smaller picture next time.';
  if (share(({ limitedBy }) => limitedBy === 'bandwidth') > 0.6)
    return 'The connection carries less than the picture needs. Stop other uploads, use a cable, or choose a smaller picture next time.';
  return null;
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
