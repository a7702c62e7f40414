import { line21Channels, type CaptionChannel, type Line21ChannelName } from './captionChannel.ts';
import { DtvccServices } from './dtvccServices.ts';
import type { CaptionLine } from './line21/captionScreen.ts';
import { Line21Channel } from './line21/line21Channel.ts';
import { Line21Field } from './line21/line21Field.ts';

/** What a channel has shown until now is being replaced. */
type OnReplaced = (channel: Line21ChannelName, lines: readonly CaptionLine[]) => void;

const validFlag = 0x4;

/** Reads `cc_data` in presentation order: which channels there are, and what those of line 21 have on the screen. */
export class CaptionDecoder {
  readonly #found = new Set<CaptionChannel>();
  readonly #channels: Readonly<Record<Line21ChannelName, Line21Channel>>;
  readonly #fields: readonly [Line21Field, Line21Field];
  readonly #services = new DtvccServices();

  constructor(onReplaced: OnReplaced) {
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

  shown(channel: Line21ChannelName): CaptionLine[] {
    return this.#channels[channel].displayed.lines();
  }

  push(triplets: Uint8Array): void {
    for (let offset = 0; offset + 3 <= triplets.length; offset += 3) {
      const flags = triplets[offset]!;
      if (flags & validFlag) this.#pushPair(flags & 3, triplets[offset + 1]!, triplets[offset + 2]!);
    }
  }

  /** `type`: 0 and 1 are the fields of line 21, 2 and 3 digital captions. */
  #pushPair(type: number, first: number, second: number): void {
    if (type >= 2) {
      for (const service of this.#services.push(type, first, second)) this.#found.add(`SERVICE${service}`);
      return;
    }
    // Who pads the first field is about to caption it.
    if (type === 0) this.#found.add('CC1');
    const channel = this.#fields[type]!.push(first, second);
    if (channel !== undefined) this.#found.add(line21Channels[type * 2 + channel]!);
  }
}
