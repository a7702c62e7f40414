import {
  isService,
  line21Channels,
  type CaptionChannel,
  type Line21ChannelName,
  type ServiceName,
} from './captionChannel.ts';
import type { CaptionLine } from './captionScreen.ts';
import { DtvccPackets } from './dtvcc/dtvccPackets.ts';
import { DtvccService } from './dtvcc/dtvccService.ts';
import { readServiceBlocks } from './dtvcc/serviceBlocks.ts';
import { Line21Channel } from './line21/line21Channel.ts';
import { Line21Field } from './line21/line21Field.ts';

/** What a channel has shown until now is being replaced. */
type OnReplaced = (channel: CaptionChannel, lines: readonly CaptionLine[]) => void;

const validFlag = 0x4;

/** Reads `cc_data` in presentation order: which channels there are, and what they have on the screen. */
export class CaptionDecoder {
  readonly #onReplaced: OnReplaced;
  readonly #found = new Set<CaptionChannel>();
  readonly #heard = new Set<CaptionChannel>();
  readonly #channels: Readonly<Record<Line21ChannelName, Line21Channel>>;
  readonly #fields: readonly [Line21Field, Line21Field];
  readonly #packets = new DtvccPackets();
  readonly #services = new Map<ServiceName, DtvccService>();
  /** Services that have replaced what they had shown: once for each picture, as that has one time. */
  readonly #replaced = new Set<ServiceName>();

  constructor(onReplaced: OnReplaced) {
    this.#onReplaced = onReplaced;
    const channel = (name: Line21ChannelName) =>
      new Line21Channel(() => onReplaced(name, this.#channels[name].displayed.lines()));
    this.#channels = { CC1: channel('CC1'), CC2: channel('CC2'), CC3: channel('CC3'), CC4: channel('CC4') };
    const { CC1, CC2, CC3, CC4 } = this.#channels;
    this.#fields = [new Line21Field([CC1, CC2]), new Line21Field([CC3, CC4])];
  }

  /** In the order in which they were found. */
  get found(): ReadonlySet<CaptionChannel> {
    return this.#found;
  }

  /** Those of them that are more than padding; services, once they have shown a caption from beginning to end. */
  get heard(): ReadonlySet<CaptionChannel> {
    return this.#heard;
  }

  shown(channel: CaptionChannel): CaptionLine[] {
    return isService(channel)
      ? (this.#services.get(channel)?.lines() ?? [])
      : this.#channels[channel].displayed.lines();
  }

  /** What one picture has. */
  push(triplets: Uint8Array): void {
    if (this.#replaced.size > 0) this.#replaced.clear();
    for (let offset = 0; offset + 3 <= triplets.length; offset += 3) {
      const flags = triplets[offset]!;
      if (flags & validFlag) this.#pushPair(flags & 3, triplets[offset + 1]!, triplets[offset + 2]!);
    }
  }

  /** `type`: 0 and 1 are the fields of line 21, 2 and 3 digital captions. */
  #pushPair(type: number, first: number, second: number): void {
    if (type >= 2) {
      this.#pushDigital(type, first, second);
      return;
    }
    // Who pads the first field is about to caption it.
    if (type === 0) this.#found.add('CC1');
    const index = this.#fields[type]!.push(first, second);
    if (index === undefined) return;
    const channel = line21Channels[type * 2 + index]!;
    this.#found.add(channel);
    this.#heard.add(channel);
  }

  #pushDigital(type: number, first: number, second: number): void {
    const packet = this.#packets.push(type, first, second);
    if (!packet) return;
    // What was to be hidden or deleted may have been in what was lost.
    if (packet.afterLoss) for (const service of this.#services.values()) service.reset();
    for (const { service: number, codes } of readServiceBlocks(packet.blocks)) {
      const name: ServiceName = `SERVICE${number}`;
      this.#service(name).push(codes);
      this.#found.add(name);
    }
  }

  #service(name: ServiceName): DtvccService {
    let service = this.#services.get(name);
    if (!service) this.#services.set(name, (service = new DtvccService(() => this.#replacing(name))));
    return service;
  }

  #replacing(name: ServiceName): void {
    if (this.#replaced.has(name)) return;
    this.#replaced.add(name);
    const lines = this.shown(name);
    if (lines.length > 0) this.#heard.add(name);
    this.#onReplaced(name, lines);
  }
}
