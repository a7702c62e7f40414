import {
  isService,
  line21Channels,
  type CaptionChannel,
  type ServiceName,
} from '../../media/captions/captionChannel.ts';
import type { Period } from '../../media/timeline.ts';
import { channelTrackId } from './captionPlan.ts';

export interface ResumedCaptions {
  readonly inside: Set<CaptionChannel>;
  readonly beside: Set<CaptionChannel>;
  readonly heard: Set<CaptionChannel>;
  /** In the order of their tracks. */
  readonly languages: readonly string[];
}

const channels: readonly CaptionChannel[] = [
  ...line21Channels,
  ...Array.from({ length: 63 }, (_, index): ServiceName => `SERVICE${index + 1}`),
];
const channelsByTrack = new Map(channels.map((channel) => [channelTrackId(channel), channel]));

/** What the timeline's latest period had is expected to go on. */
export function resumeCaptions(last: Period | undefined): ResumedCaptions {
  const tracks = last?.tracks ?? [];
  const services = tracks.flatMap((track) => (track.kind === 'video' ? (track.captions ?? []) : []));
  const texts = tracks.filter((track) => track.kind === 'text');
  const inside = new Set(services.map(({ channel }) => channel as CaptionChannel));
  const withText = texts.flatMap(({ id }) => channelsByTrack.get(id) ?? []);
  return {
    inside,
    beside: new Set(withText),
    heard: new Set(withText.filter(isService)),
    languages: texts.filter(({ id }) => !channelsByTrack.has(id)).map(({ language }) => language),
  };
}
