import type { AudioTrack, Track, VideoTrack } from '../../media/track.ts';
import { mediaPath } from '../cmaf/mediaPath.ts';
import { captionAccessibility, textAdaptationSet } from './captionElements.ts';
import { producerReferenceTime } from './producerReference.ts';
import { xmlAttributes } from '../xml.ts';

/** A track of a period that has segments, with its `S` elements. */
export interface ListedTrack {
  readonly track: Track;
  readonly elements: Buffer;
}

/** What is said of a presentation only while it goes on. */
export interface LiveFrame {
  /** Wall clock (Unix ms) of position 0. */
  readonly epochMs: number;
  /** How long before its end a segment can be asked for. */
  readonly availabilityOffsetMs: number;
}

interface SetPlace {
  /** `timelineTag` of the timeline. */
  readonly tag: string;
  readonly period: number;
  /** Where on the tracks' clock the Period begins. */
  readonly startMs: number;
  readonly live: LiveFrame | undefined;
}

const audioChannelScheme = 'urn:mpeg:dash:23003:3:audio_channel_configuration:2011';

/** One AdaptationSet (ISO/IEC 23009-1 5.3.3); `shared` when one SegmentTimeline is true for all its tracks. */
export function adaptationSet(place: SetPlace, listed: readonly ListedTrack[], shared: boolean): Buffer[] {
  const first = listed[0];
  if (!first) return [];
  const { kind } = first.track;
  if (kind === 'text') return textSets(place, listed);
  const captions = first.track.kind === 'video' ? captionAccessibility(first.track.captions ?? []) : '';
  const open = xmlAttributes({
    id: kind === 'video' ? 1 : 2,
    contentType: kind,
    mimeType: `${kind}/mp4`,
    segmentAlignment: 'true',
    startWithSAP: 1,
    par: first.track.kind === 'video' ? ratio(first.track.width, first.track.height) : undefined,
  });
  const { startMs, live } = place;
  const reference = live ? producerReferenceTime(live.epochMs + startMs, ticksOf(startMs, first.track)) : '';
  const parts: Buffer[] = [
    Buffer.from(
      `<AdaptationSet${open}>${reference}${captions}<Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>`,
    ),
  ];
  if (shared) parts.push(...segmentTemplate(place, first));
  for (const entry of listed) {
    const { track } = entry;
    if (track.kind === 'text') continue;
    const text = track.kind === 'video' ? videoRepresentation(track) : audioRepresentation(track);
    parts.push(Buffer.from(text));
    if (!shared) parts.push(...segmentTemplate(place, entry));
    parts.push(Buffer.from('</Representation>'));
  }
  parts.push(Buffer.from('</AdaptationSet>\n'));
  return parts;
}

/** Text has no parts: a segment's comes when the segment is complete. */
function textSets(place: SetPlace, listed: readonly ListedTrack[]): Buffer[] {
  return listed.flatMap((entry) => {
    if (entry.track.kind !== 'text') return [];
    return textAdaptationSet(entry.track, segmentTemplate({ ...place, live: undefined }, entry));
  });
}

function segmentTemplate({ tag, period, startMs, live }: SetPlace, { track, elements }: ListedTrack): Buffer[] {
  const attributes = xmlAttributes({
    timescale: track.timescale,
    presentationTimeOffset: ticksOf(startMs, track),
    availabilityTimeOffset: live && live.availabilityOffsetMs / 1000,
    availabilityTimeComplete: live && 'false',
    initialization: mediaPath.init(tag, '$RepresentationID$', period),
    // By time, not by number: players count numbers on over a segment that a track does not have.
    media: mediaPath.time(tag, '$RepresentationID$', period, '$Time$'),
  });
  return [
    Buffer.from(`<SegmentTemplate${attributes}><SegmentTimeline>`),
    elements,
    Buffer.from('</SegmentTimeline></SegmentTemplate>'),
  ];
}

function ticksOf(positionMs: number, { timescale }: Track): number {
  return Math.round((positionMs * timescale) / 1000);
}

function videoRepresentation({ id, codec, bitrateBps, width, height, frameRate }: VideoTrack): string {
  const attributes = xmlAttributes({
    id,
    codecs: codec,
    bandwidth: Math.max(1, Math.ceil(bitrateBps)),
    width,
    height,
    sar: '1:1',
    frameRate: frameRate > 0 ? rational(frameRate) : undefined,
  });
  return `<Representation${attributes}>`;
}

function audioRepresentation({ id, codec, bitrateBps, sampleRate, channels }: AudioTrack): string {
  const attributes = xmlAttributes({
    id,
    codecs: codec,
    bandwidth: Math.max(1, Math.ceil(bitrateBps)),
    audioSamplingRate: sampleRate,
  });
  const configuration = xmlAttributes({ schemeIdUri: audioChannelScheme, value: channels });
  return `<Representation${attributes}><AudioChannelConfiguration${configuration}/>`;
}

/** `30`, `30000/1001`: the fraction that the format asks for. */
function rational(frameRate: number): string {
  const whole = Math.round(frameRate);
  if (Math.abs(frameRate - whole) < 0.001) return String(whole);
  const ntsc = Math.round(frameRate * 1.001);
  if (Math.abs(frameRate - (ntsc * 1000) / 1001) < 0.01) return `${ntsc * 1000}/1001`;
  return `${Math.round(frameRate * 1000)}/1000`;
}

function ratio(width: number, height: number): string {
  let [a, b] = [width, height];
  while (b > 0) [a, b] = [b, a % b];
  return a > 0 ? `${width / a}:${height / a}` : '1:1';
}
