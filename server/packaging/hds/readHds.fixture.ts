/** A reader of its own, written from the specifications alone, so that the packager is not checked by itself. */

export interface ReadBootstrap {
  readonly version: number;
  readonly live: boolean;
  readonly currentMediaTime: number;
  readonly segmentRuns: readonly { readonly firstSegment: number; readonly fragmentsPerSegment: number }[];
  readonly fragmentRuns: readonly ReadRun[];
}

export interface ReadRun {
  readonly first: number;
  readonly timestamp: number;
  readonly duration: number;
  readonly discontinuity?: number;
}

export interface ReadTag {
  readonly type: number;
  readonly timestamp: number;
  /** First byte of the body: frame type and codec, or sound format. */
  readonly format: number;
  /** 0: configuration, 1: frame. */
  readonly packetType: number;
  readonly composition: number;
  readonly payload: Buffer;
}

class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  number(bytes: number): number {
    let value = 0;
    for (const byte of this.bytes(bytes)) value = value * 256 + byte;
    return value;
  }

  bytes(count: number): Buffer {
    if (count > this.left) throw new Error(`${count} bytes asked for, ${this.left} left`);
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  text(): string {
    let text = '';
    for (let byte = this.number(1); byte !== 0; byte = this.number(1)) text += String.fromCharCode(byte);
    return text;
  }

  strings(): string[] {
    return Array.from({ length: this.number(1) }, () => this.text());
  }

  box(type: string): Cursor {
    const bytes = this.number(4);
    const found = this.bytes(4).toString('latin1');
    if (found !== type) throw new Error(`${found} instead of ${type}`);
    return new Cursor(this.bytes(bytes - 8));
  }

  end(): void {
    if (this.left > 0) throw new Error(`${this.left} bytes too many`);
  }
}

export function readBootstrap(bytes: Buffer): ReadBootstrap {
  const file = new Cursor(bytes);
  const abst = file.box('abst');
  file.end();
  abst.number(4);
  const version = abst.number(4);
  const flags = abst.number(1);
  if (abst.number(4) !== 1000) throw new Error('not in milliseconds');
  const currentMediaTime = abst.number(8);
  abst.number(8);
  abst.text();
  abst.strings();
  abst.strings();
  abst.text();
  abst.text();
  if (abst.number(1) !== 1) throw new Error('not one segment run table');
  const asrt = abst.box('asrt');
  asrt.number(4);
  asrt.strings();
  const segmentRuns = Array.from({ length: asrt.number(4) }, () => {
    return { firstSegment: asrt.number(4), fragmentsPerSegment: asrt.number(4) };
  });
  asrt.end();
  if (abst.number(1) !== 1) throw new Error('not one fragment run table');
  const afrt = abst.box('afrt');
  afrt.number(4);
  if (afrt.number(4) !== 1000) throw new Error('not in milliseconds');
  afrt.strings();
  const fragmentRuns = Array.from({ length: afrt.number(4) }, () => {
    const run = { first: afrt.number(4), timestamp: afrt.number(8), duration: afrt.number(4) };
    return run.duration === 0 ? { ...run, discontinuity: afrt.number(1) } : run;
  });
  afrt.end();
  abst.end();
  return { version, live: (flags & 0x20) !== 0, currentMediaTime, segmentRuns, fragmentRuns };
}

/** The fragments a client finds in a bootstrap: as many as the segment run says, counted on from the first run, without those a mark is for. */
export function listedFragments({
  segmentRuns,
  fragmentRuns,
}: ReadBootstrap): { number: number; startMs: number; durationMs: number }[] {
  const count = segmentRuns.reduce((sum, { fragmentsPerSegment }) => sum + fragmentsPerSegment, 0);
  const first = fragmentRuns[0]?.first ?? 0;
  return Array.from({ length: count }, (_, index) => first + index).flatMap((number) => {
    const run = fragmentRuns.findLast((candidate) => candidate.first <= number)!;
    if (run.duration === 0) return [];
    return [{ number, startMs: run.timestamp + (number - run.first) * run.duration, durationMs: run.duration }];
  });
}

/** What lies in the `mdat`, which has to be the last box. */
export function mdatOf(fragment: Buffer): Buffer {
  for (let at = 0; at < fragment.length;) {
    const bytes = fragment.readUInt32BE(at);
    const type = fragment.toString('latin1', at + 4, at + 8);
    if (type === 'mdat') {
      if (at + bytes !== fragment.length) throw new Error('mdat is not the last box');
      return fragment.subarray(at + 8);
    }
    at += bytes;
  }
  throw new Error('no mdat');
}

export function readTags(flv: Buffer): ReadTag[] {
  const cursor = new Cursor(flv);
  const tags: ReadTag[] = [];
  while (cursor.left > 0) {
    const type = cursor.number(1);
    const bytes = cursor.number(3);
    const timestamp = cursor.number(3) + cursor.number(1) * 2 ** 24;
    if (cursor.number(3) !== 0) throw new Error('stream id is not 0');
    const body = new Cursor(cursor.bytes(bytes));
    const format = body.number(1);
    const packetType = body.number(1);
    const unsigned = type === 9 ? body.number(3) : 0;
    const composition = unsigned >= 2 ** 23 ? unsigned - 2 ** 24 : unsigned;
    tags.push({ type, timestamp, format, packetType, composition, payload: body.bytes(body.left) });
    if (cursor.number(4) !== bytes + 11) throw new Error('wrong size behind a tag');
  }
  return tags;
}
