import { captionSei, tripletsOf, withUnit, type Pair } from './captions.fixture.ts';

export interface FlvTag {
  readonly type: number;
  readonly timestampMs: number;
  readonly body: Buffer;
}

/** Pairs of line 21, sent one with each picture from a time on. */
export interface TimedPairs {
  readonly atMs: number;
  readonly pairs: readonly Pair[];
  readonly field?: 1 | 2;
}

/** Packets of digital captions, sent one with each picture from a time on. */
export interface TimedPackets {
  readonly atMs: number;
  readonly packets: readonly Uint8Array[];
}

const flvHeaderBytes = 13;

/** Puts captions into the pictures of an H.264 FLV, in presentation order, each field on its own. */
export function addCaptions(flv: Buffer, timed: readonly (TimedPairs | TimedPackets)[], padded = false): Buffer {
  const tags = readTags(flv);
  const pictures = tags
    .filter(({ type, body }) => type === 9 && (body[0]! & 0xf) === 7 && body[1] === 1)
    .map((tag) => ({ tag, shownMs: tag.timestampMs + ((body3(tag.body) << 8) >> 8) }))
    .toSorted((a, b) => a.shownMs - b.shownMs);
  const waiting: Record<1 | 2, Pair[]> = { 1: [], 2: [] };
  const packets: Uint8Array[] = [];
  const todo = timed.toSorted((a, b) => a.atMs - b.atMs);
  const units = new Map<FlvTag, Uint8Array>();
  for (const { tag, shownMs } of pictures) {
    while (todo[0] && todo[0].atMs <= shownMs) {
      const next = todo.shift()!;
      if ('packets' in next) packets.push(...next.packets);
      else waiting[next.field ?? 1].push(...next.pairs);
    }
    const triplets = ([1, 2] as const).map((field) => {
      const pair = waiting[field].shift() ?? (padded && field === 1 ? ([0, 0] as const) : undefined);
      return pair ? tripletsOf([pair], field) : new Uint8Array(0);
    });
    const joined = new Uint8Array(Buffer.concat([...triplets, packets.shift() ?? new Uint8Array(0)]));
    if (joined.length > 0) units.set(tag, captionSei(joined));
  }
  const written = tags.map((tag) => {
    const unit = units.get(tag);
    if (!unit) return writeTag(tag);
    return writeTag({ ...tag, body: Buffer.concat([tag.body.subarray(0, 5), withUnit(unit, tag.body.subarray(5))]) });
  });
  return Buffer.concat([flv.subarray(0, flvHeaderBytes), ...written]);
}

function body3(body: Buffer): number {
  return body.readUIntBE(2, 3);
}

export function readTags(flv: Buffer): FlvTag[] {
  const tags: FlvTag[] = [];
  for (let offset = flvHeaderBytes; offset + 11 <= flv.length;) {
    const bytes = flv.readUIntBE(offset + 1, 3);
    const timestampMs = flv.readUIntBE(offset + 4, 3) | (flv.readUInt8(offset + 7) << 24);
    tags.push({ type: flv.readUInt8(offset), timestampMs, body: flv.subarray(offset + 11, offset + 11 + bytes) });
    offset += 11 + bytes + 4;
  }
  return tags;
}

function writeTag({ type, timestampMs, body }: FlvTag): Buffer {
  const tag = Buffer.alloc(11 + body.length + 4);
  tag.writeUInt8(type, 0);
  tag.writeUIntBE(body.length, 1, 3);
  tag.writeUIntBE(timestampMs & 0xffffff, 4, 3);
  tag.writeUInt8((timestampMs >>> 24) & 0xff, 7);
  body.copy(tag, 11);
  tag.writeUInt32BE(11 + body.length, 11 + body.length);
  return tag;
}
