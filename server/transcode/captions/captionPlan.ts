import { defaultCaptions, type CaptionService, type CaptionSettings } from '../../../shared/model/captions.ts';
import {
  isService,
  line21Channels,
  serviceNumber,
  type CaptionChannel,
  type Line21ChannelName,
  type ServiceName,
} from '../../media/captions/captionChannel.ts';
import type { TextTrack } from '../../media/track.ts';

/** Ticks per second of all text tracks. */
export const textTimescale = 90_000;
/** Text is next to nothing; players want a number. */
const textBitrateBps = 1000;
const unknownLanguage = 'und';
/** More than one event is interpreted into at once. */
export const mostLanguages = 4;

/** What captions a source has been seen with. */
export interface FoundCaptions {
  /** Inside the picture. */
  readonly inside: ReadonlySet<CaptionChannel>;
  /** Channels that came beside it. */
  readonly beside: ReadonlySet<CaptionChannel>;
  /** Those of both that have been more than padding. */
  readonly heard: ReadonlySet<CaptionChannel>;
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
  const texts = textChannels(inside, found)
    .toSorted(byChannel)
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

/** Those of line 21, up to four languages, services. */
export function channelTrackId(channel: CaptionChannel): string {
  const number = isService(channel) ? line21Channels.length + mostLanguages + serviceNumber(channel) : channel.slice(2);
  return `t${number}`;
}

/** Behind those of line 21. */
export function languageTrackId(index: number): string {
  return `t${line21Channels.length + 1 + index}`;
}

/** Of a channel and a service with the same captions one has a text track: the channel, unless that is mere padding. */
function textChannels(inside: ReadonlySet<CaptionChannel>, { beside, heard }: FoundCaptions): CaptionChannel[] {
  const all = new Set([...inside, ...beside]);
  const replaced = new Set<CaptionChannel>();
  for (const service of all) {
    if (!isService(service)) continue;
    // What comes beside the picture is not read once there is something inside.
    const others = inside.has(service) ? inside : all;
    const twins = twinsOf(service, all).filter((twin) => others.has(twin));
    const isOnlyOneHeard = heard.has(service) && !twins.some((twin) => heard.has(twin));
    if (twins.length > 0) for (const each of isOnlyOneHeard ? twins : [service]) replaced.add(each);
  }
  return [...all].filter((channel) => !replaced.has(channel));
}

/** The second service is of CC3, too, as that is where broadcasters have their second language. */
function twinsOf(service: ServiceName, all: ReadonlySet<CaptionChannel>): Line21ChannelName[] {
  const number = serviceNumber(service);
  const twins = line21Channels.filter((channel) => channel === `CC${number}`);
  return number === 2 && !all.has('SERVICE3') ? [...twins, 'CC3'] : twins;
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
  return isService(channel) ? `Service ${serviceNumber(channel)}` : channel;
}

function languageName(language: string): string {
  if (language === unknownLanguage) return 'Captions';
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
}

function byChannel(a: CaptionChannel, b: CaptionChannel): number {
  const [kindA, kindB] = [a, b].map((channel) => Number(isService(channel)));
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
