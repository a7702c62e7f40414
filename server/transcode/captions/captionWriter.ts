import type { CaptionSettings } from '../../../shared/model/captions.ts';
import { line21Channels, type CaptionChannel, type Line21ChannelName } from '../../media/captions/captionChannel.ts';
import { CaptionDecoder } from '../../media/captions/captionDecoder.ts';
import type { CaptionMessage } from '../../media/captions/captionMessage.ts';
import { captionTriplets } from '../../media/captions/captionTriplets.ts';
import type { Cue } from '../../media/captions/cue.ts';
import { CueTrack } from '../../media/captions/cueTrack.ts';
import { placeLines } from '../../media/captions/placeLines.ts';
import { PresentationOrder } from '../../media/captions/presentationOrder.ts';
import { TextCaptions } from '../../media/captions/textCaptions.ts';
import { parseAvcConfiguration } from '../../media/codecs/h264.ts';
import type { VideoInit } from '../../media/mp4/initSegment.ts';
import type { Period } from '../../media/timeline.ts';
import type { TrackFragment } from '../trackFragment.ts';
import { channelTrackId, languageTrackId, planCaptions, textTimescale, type CaptionPlan } from './captionPlan.ts';

/** More than one event is interpreted into at once. */
const mostLanguages = 4;

interface Arrived {
  readonly triplets: Uint8Array;
  readonly inside: boolean;
}

/** Reads the captions of one source, inside its picture or beside it, and makes the cues of its text tracks. */
export class CaptionWriter {
  readonly #settings: CaptionSettings;
  readonly #arrived = new PresentationOrder<Arrived>();
  readonly #decoder: CaptionDecoder;
  readonly #cues: Readonly<Record<Line21ChannelName, CueTrack>> = {
    CC1: new CueTrack(),
    CC2: new CueTrack(),
    CC3: new CueTrack(),
    CC4: new CueTrack(),
  };
  /** By language, in the order of their tracks. */
  readonly #texts: Map<string, TextCaptions>;
  readonly #found: { readonly inside: Set<CaptionChannel>; readonly beside: Set<Line21ChannelName> };
  #nalLengthSize: { readonly init: VideoInit; readonly bytes: number } | undefined;
  /** Time of what is being decoded. */
  #nowTicks = 0;
  #comesInside = false;

  /** `last` is the timeline's latest period: what that had is expected to go on. */
  constructor(settings: CaptionSettings, last: Period | undefined) {
    this.#settings = settings;
    const tracks = last?.tracks ?? [];
    const services = tracks.flatMap((track) => (track.kind === 'video' ? (track.captions ?? []) : []));
    const texts = tracks.filter((track) => track.kind === 'text');
    const inside = new Set(services.map(({ channel }) => channel as CaptionChannel));
    const beside = line21Channels.filter((channel) => texts.some(({ id }) => id === channelTrackId(channel)));
    this.#found = { inside, beside: new Set(beside) };
    const spoken = texts.filter(({ id }) => !line21Channels.some((channel) => id === channelTrackId(channel)));
    this.#texts = new Map(spoken.map(({ language }) => [language, new TextCaptions()]));
    this.#decoder = new CaptionDecoder((channel, lines) =>
      this.#cues[channel].changed(this.#nowTicks, placeLines(lines)),
    );
  }

  /** How many channels and languages there are: as it rises, so does what `plan` has. */
  get foundCount(): number {
    return this.#found.inside.size + this.#found.beside.size + this.#texts.size;
  }

  /** What a period that begins now says and has. */
  get plan(): CaptionPlan {
    return planCaptions(this.#settings, { ...this.#found, languages: [...this.#texts.keys()] });
  }

  /** Every fragment of the picture, in decoding order. */
  read({ data, media, init }: TrackFragment): void {
    if (init.kind !== 'video' || this.#settings.mode === 'off') return;
    const nalLengthSize = this.#lengthSizeOf(init);
    const ticksOf = (ticks: number) => Math.round((ticks / init.timescale) * textTimescale);
    for (const { offset, bytes, decodeTicks, compositionTicks } of media.samples) {
      const triplets = captionTriplets(data.subarray(offset, offset + bytes), nalLengthSize);
      if (triplets.length > 0) {
        this.#arrived.push(ticksOf(decodeTicks + compositionTicks), { triplets: triplets.slice(), inside: true });
      }
      // Nothing that comes later is shown before it is decoded.
      this.#decode(ticksOf(decodeTicks));
    }
  }

  /** What came beside the media, at a time of the timeline's. */
  take(message: CaptionMessage): void {
    if (this.#settings.mode === 'off') return;
    const ticks = Math.round((message.atMs * textTimescale) / 1000);
    if (message.type === 'ccData') this.#arrived.push(ticks, { triplets: message.triplets, inside: false });
    else this.#textsOf(message.language)?.say(ticks, message.text);
  }

  /** What each text track shows in a segment, by id. Segments are cut in their order. */
  cut(fromTicks: number, toTicks: number): Map<string, Cue[]> {
    this.#decode(toTicks);
    const cues = new Map<string, Cue[]>();
    for (const channel of line21Channels) {
      const shown = placeLines(this.#decoder.shown(channel));
      cues.set(channelTrackId(channel), this.#cues[channel].cut(fromTicks, toTicks, shown));
    }
    for (const [index, texts] of [...this.#texts.values()].entries()) {
      cues.set(languageTrackId(index), texts.cut(fromTicks, toTicks));
    }
    return cues;
  }

  #decode(beforeTicks: number): void {
    for (const { ticks, item } of this.#arrived.take(beforeTicks)) {
      // An encoder that sends its captions in both ways says the same twice.
      if (!item.inside && this.#comesInside) continue;
      this.#comesInside ||= item.inside;
      this.#nowTicks = ticks;
      this.#decoder.push(item.triplets);
      for (const channel of this.#decoder.found) {
        if (item.inside) this.#found.inside.add(channel);
        else if (isLine21(channel)) this.#found.beside.add(channel);
      }
    }
  }

  /** Undefined where there would be too many. */
  #textsOf(language: string | undefined): TextCaptions | undefined {
    const name = language ?? this.#settings.channels[0]?.language ?? 'und';
    let texts = this.#texts.get(name);
    if (!texts && this.#texts.size < mostLanguages) this.#texts.set(name, (texts = new TextCaptions()));
    return texts;
  }

  #lengthSizeOf(init: VideoInit): number {
    if (this.#nalLengthSize?.init !== init) {
      this.#nalLengthSize = { init, bytes: parseAvcConfiguration(init.avcC).nalLengthSize };
    }
    return this.#nalLengthSize.bytes;
  }
}

function isLine21(channel: CaptionChannel): channel is Line21ChannelName {
  return line21Channels.some((name) => name === channel);
}
