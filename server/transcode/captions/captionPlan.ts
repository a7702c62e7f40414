import { defaultCaptions, type CaptionService, type CaptionSettings } from '../../../shared/model/captions.ts';
import { line21Channels, type CaptionChannel, type Line21ChannelName } from '../../media/captions/captionChannel.ts';
import type { TextTrack } from '../../media/track.ts';

/** Ticks per second of all text tracks. */
export const textTimescale = 90_000;
/** Text is next to nothing; players want a number. */
const textBitrateBps = 1000;
const unknownLanguage = 'und';

/** What captions a source has been seen with. */
export interface FoundCaptions {
  /** Inside the picture. */
  readonly inside: ReadonlySet<CaptionChannel>;
  /** Channels of line 21 that came beside it. */
  readonly beside: ReadonlySet<Line21ChannelName>;
  /** Languages of plain text that came beside it, in their order. */
  readonly languages: readonly string[];
}

/** What a period says of its captions, and which text tracks it has. */
export interface CaptionPlan {
  readonly services: readonly CaptionService[];
  readonly tracks: readonly TextTrack[];
}

export function planCaptions(settings: CaptionSettings, found: FoundCaptions): CaptionPlan {
  if (settings.mode === 'off') return { services: [], tracks: [] };
  const wanted = settings.mode === 'on' ? settings.channels.map(({ channel }) => channel as CaptionChannel) : [];
  const inside = new Set([...wanted, ...found.inside]);
  const services = [...inside].toSorted(byChannel).map((channel) => describe(settings, channel));
  const texts = line21Channels
    .filter((channel) => inside.has(channel) || found.beside.has(channel))
    .map((channel) => Object.assign({ id: channelTrackId(channel) }, describe(settings, channel)));
  const spoken = found.languages.map((language, index) => ({
    id: languageTrackId(index),
    language,
    label: settings.channels.find((each) => each.language === language)?.label ?? languageName(language),
  }));
  const tracks = withOwnLabels([...texts, ...spoken]).map(({ id, language, label }): TextTrack => {
    return { id, kind: 'text', codec: 'wvtt', timescale: textTimescale, bitrateBps: textBitrateBps, language, label };
  });
  return { services: withOwnLabels(services), tracks };
}

export function channelTrackId(channel: Line21ChannelName): string {
  return `t${channel.slice(2)}`;
}

/** Behind those of line 21. */
export function languageTrackId(index: number): string {
  return `t${line21Channels.length + 1 + index}`;
}

/** Where nothing is said of a channel, a service is taken for the same captions as the channel of its number. */
function describe({ channels }: CaptionSettings, channel: CaptionChannel): CaptionService {
  const twin = channel.replace('SERVICE', 'CC');
  const known = [...channels, ...defaultCaptions.channels];
  const { language, label } = known.find((each) => each.channel === channel) ??
    known.find((each) => each.channel === twin) ?? { language: unknownLanguage, label: nameOf(channel) };
  return { channel, language, label };
}

function nameOf(channel: CaptionChannel): string {
  return channel.startsWith('SERVICE') ? `Service ${channel.slice(7)}` : channel;
}

function languageName(language: string): string {
  if (language === unknownLanguage) return 'Captions';
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
}

function byChannel(a: CaptionChannel, b: CaptionChannel): number {
  const [kindA, kindB] = [a, b].map((channel) => Number(channel.startsWith('SERVICE')));
  return kindA! - kindB! || Number(/\d+/.exec(a)) - Number(/\d+/.exec(b));
}

/** A menu cannot tell two of the same name apart (RFC 8216 4.3.4.1.1). */
function withOwnLabels<T extends { readonly label: string }>(named: readonly T[]): T[] {
  const counts = new Map<string, number>();
  return named.map((each) => {
    const count = (counts.get(each.label) ?? 0) + 1;
    counts.set(each.label, count);
    return count === 1 ? each : { ...each, label: `${each.label} ${count}` };
  });
}
