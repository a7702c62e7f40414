import type { CaptionSettings } from '../../../shared/model/captions.ts';
import { isService, type CaptionChannel } from '../../media/captions/captionChannel.ts';
import { CaptionDecoder } from '../../media/captions/captionDecoder.ts';
import type { CaptionMessage } from '../../media/captions/captionMessage.ts';
import { screenColumns, type CaptionLine } from '../../media/captions/captionScreen.ts';
import { captionTriplets } from '../../media/captions/captionTriplets.ts';
import type { Cue, CueBlock } from '../../media/captions/cue.ts';
import { CueTrack } from '../../media/captions/cueTrack.ts';
import { serviceColumns } from '../../media/captions/dtvcc/windowDefinition.ts';
import { placeLines } from '../../media/captions/placeLines.ts';
import { PresentationOrder } from '../../media/captions/presentationOrder.ts';
import { TextCaptions } from '../../media/captions/textCaptions.ts';
import { parseAvcConfiguration } from '../../media/codecs/h264.ts';
import type { VideoInit } from '../../media/mp4/initSegment.ts';
import type { Period } from '../../media/timeline.ts';
import type { TrackFragment } from '../trackFragment.ts';
import { resumeCaptions, type ResumedCaptions } from './resumeCaptions.ts';
import {
  channelTrackId,
  languageTrackId,
  mostLanguages,
  planCaptions,
  textTimescale,
  type CaptionPlan,
} from './captionPlan.ts';

interface Arrived {
  readonly triplets: Uint8Array;
  readonly inside: boolean;
}

/** Reads the captions of one source, inside its picture or beside it, and makes the cues of its text tracks. */
export class CaptionWriter {
  readonly #settings: CaptionSettings;
  readonly #arrived = new PresentationOrder<Arrived>();
  readonly #decoder: CaptionDecoder;
  /** Of each channel that has shown something. */
  readonly #cues = new Map<CaptionChannel, CueTrack>();
  /** By language, in the order of their tracks. */
  readonly #texts: Map<string, TextCaptions>;
  readonly #found: Pick<ResumedCaptions, 'inside' | 'beside' | 'heard'>;
  #nalLengthSize: { readonly init: VideoInit; readonly bytes: number } | undefined;
  /** Time of what is being decoded. */
  #nowTicks = 0;
  #comesInside = false;

  /** `last` is the timeline's latest period: what that had is expected to go on. */
  constructor(settings: CaptionSettings, last: Period | undefined) {
    this.#settings = settings;
    const { languages, ...found } = resumeCaptions(last);
    this.#found = found;
    this.#texts = new Map(languages.map((language) => [language, new TextCaptions()]));
    this.#decoder = new CaptionDecoder((channel, lines) => {
      let cues = this.#cues.get(channel);
      if (!cues) this.#cues.set(channel, (cues = new CueTrack()));
      cues.changed(this.#nowTicks, place(channel, lines));
    });
  }

  /** How many channels and languages there are, and services that are more than padding: as it rises, `plan` changes. */
  get foundCount(): number {
    const { inside, beside, heard } = this.#found;
    return inside.size + beside.size + [...heard].filter(isService).length + this.#texts.size;
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
    for (const [channel, track] of this.#cues) {
      const shown = place(channel, this.#decoder.shown(channel));
      cues.set(channelTrackId(channel), track.cut(fromTicks, toTicks, shown));
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
      const found = item.inside ? this.#found.inside : this.#found.beside;
      for (const channel of this.#decoder.found) found.add(channel);
      for (const channel of this.#decoder.heard) this.#found.heard.add(channel);
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

function place(channel: CaptionChannel, lines: readonly CaptionLine[]): CueBlock[] {
  return placeLines(lines, isService(channel) ? serviceColumns : screenColumns);
}
