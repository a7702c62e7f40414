import type { AudioTrack, TextTrack, Track, VideoTrack } from '../../media/track.ts';
import { captionAttributes, captionRenditions } from './captionRenditions.ts';
import type { Rates } from './trackRates.ts';

interface MasterContent {
  readonly video: readonly VideoTrack[];
  readonly audio: readonly AudioTrack[];
  readonly text: readonly TextTrack[];
  /** Every segment begins with a key frame. */
  readonly independent: boolean;
  /** Undefined before anything is stored. */
  readonly measured: (trackId: string) => Rates | undefined;
}

/** What most connections carry: the best variant within it comes first, for players start with the first. */
const sensibleStartBps = 2_500_000;
const audioGroup = 'audio';

/** RFC 8216 4.3.4 */
export function masterPlaylist(content: MasterContent): string {
  const { video, audio, text, independent } = content;
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7'];
  if (independent) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  if (video.length > 0) {
    audio.forEach((track, index) => lines.push(audioRendition(track, index)));
    lines.push(...captionRenditions(video[0]?.captions ?? [], text));
    for (const track of startOrder(video)) lines.push(videoVariant(track, content), `${track.id}.m3u8`);
    for (const track of video) lines.push(...iframeVariant(track, content));
  } else {
    lines.push(...captionRenditions([], text));
    for (const track of startOrder(audio)) lines.push(audioVariant(track, content), `${track.id}.m3u8`);
  }
  return `${lines.join('\n')}\n`;
}

/** Best first, except that the one to start with leads. By nominal rates, so that the order does not change. */
function startOrder<T extends Track>(tracks: readonly T[]): T[] {
  const best = tracks.toSorted((a, b) => b.bitrateBps - a.bitrateBps);
  const found = best.findIndex(({ bitrateBps }) => bitrateBps <= sensibleStartBps);
  const start = best.at(found);
  return start ? [start, ...best.filter((track) => track !== start)] : [];
}

function audioRendition({ id, channels }: AudioTrack, index: number): string {
  const name = index === 0 ? 'Audio' : `Audio ${index + 1}`;
  return (
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${audioGroup}",NAME="${name}",DEFAULT=${index === 0 ? 'YES' : 'NO'},` +
    `AUTOSELECT=YES,CHANNELS="${channels}",URI="${id}.m3u8"`
  );
}

function videoVariant(track: VideoTrack, { audio, text, measured }: MasterContent): string {
  const codecs = [...new Set([track.codec, ...audio.map(({ codec }) => codec)])];
  const attributes = [
    ...rateAttributes(track, audio, measured),
    `CODECS="${codecs.join(',')}"`,
    `RESOLUTION=${track.width}x${track.height}`,
  ];
  if (track.frameRate > 0) attributes.push(`FRAME-RATE=${track.frameRate.toFixed(3)}`);
  if (audio.length > 0) attributes.push(`AUDIO="${audioGroup}"`);
  attributes.push(...captionAttributes(track.captions ?? [], text));
  return `#EXT-X-STREAM-INF:${attributes.join(',')}`;
}

/** RFC 8216 4.3.4.3 */
function iframeVariant({ id, codec, width, height }: VideoTrack, { measured }: MasterContent): string[] {
  const { iframePeakBps = 0 } = measured(id) ?? {};
  if (iframePeakBps === 0) return [];
  return [
    `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${iframePeakBps},CODECS="${codec}",RESOLUTION=${width}x${height},` +
      `URI="${id}-iframes.m3u8"`,
  ];
}

function audioVariant(track: AudioTrack, { text, measured }: MasterContent): string {
  const attributes = [...rateAttributes(track, [], measured), `CODECS="${track.codec}"`];
  if (text.length > 0) attributes.push(...captionAttributes([], text));
  return `#EXT-X-STREAM-INF:${attributes.join(',')}`;
}

/** A variant is as heavy as its own track with the heaviest audio of its group. */
function rateAttributes(track: Track, audio: readonly AudioTrack[], measured: MasterContent['measured']): string[] {
  const ratesOf = ({ id, bitrateBps }: Track) =>
    measured(id) ?? { peakBps: Math.max(1, Math.ceil(bitrateBps)), averageBps: Math.max(1, Math.ceil(bitrateBps)) };
  const own = ratesOf(track);
  const others = audio.map(ratesOf);
  const peakBps = own.peakBps + Math.max(0, ...others.map((rates) => rates.peakBps));
  const averageBps = own.averageBps + Math.max(0, ...others.map((rates) => rates.averageBps));
  return [`BANDWIDTH=${peakBps}`, `AVERAGE-BANDWIDTH=${averageBps}`];
}
