import { onMetaData } from '../../media/flv/flvWriter.ts';
import type { Track } from '../../media/track.ts';
import { xmlAttributes } from '../xml.ts';
import { hdsPath } from './fragmentPath.ts';

/** A rendition with the sound that goes with it. */
export interface Rendition {
  readonly track: Track;
  readonly audio: Track | undefined;
}

export interface F4mContent {
  readonly id: string;
  /** `timelineTag` of the timeline. */
  readonly tag: string;
  readonly startedAtMs: number;
  /** Undefined while live. */
  readonly durationSeconds: number | undefined;
  /** 0 is "everything". */
  readonly windowSeconds: number;
  readonly renditions: readonly Rendition[];
}

const bootstrapId = 'bootstrap';
/** A window of less is what a broadcast without DVR has: players offer no way back then. */
const leastDvrSeconds = 60;

/** Adobe F4M 1.0: every rendition, with one bootstrap for all, for there are clients that read the first only. */
export function f4m(content: F4mContent): string {
  const { tag, renditions } = content;
  const bootstrap = { profile: 'named', id: bootstrapId, url: hdsPath.bootstrap(tag) };
  const media = renditions.map((rendition) => {
    const attributes = { url: hdsPath.media(tag, rendition.track.id), bootstrapInfoId: bootstrapId };
    const metadata = onMetaData(metadataOf(rendition, content.durationSeconds)).toString('base64');
    return `<media${xmlAttributes({ streamId: rendition.track.id, ...shape(rendition), ...attributes })}>
<metadata>${metadata}</metadata>
</media>
`;
  });
  return manifest('1.0', content, `<bootstrapInfo${xmlAttributes(bootstrap)}/>\n${media.join('')}`);
}

/** Adobe F4M 2.0, set level: where each rendition's own manifest is. */
export function setLevelF4m(content: F4mContent): string {
  const media = content.renditions.map(
    (rendition) => `<media${xmlAttributes({ href: `${rendition.track.id}.f4m`, ...shape(rendition) })}/>\n`,
  );
  return manifest('2.0', content, media.join(''));
}

function manifest(version: '1.0' | '2.0', content: F4mContent, media: string): string {
  const { id, startedAtMs, durationSeconds, windowSeconds } = content;
  const live = durationSeconds === undefined;
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://ns.adobe.com/f4m/${version}">
<id>${id}</id>
<streamType>${live ? 'live' : 'recorded'}</streamType>
<deliveryType>streaming</deliveryType>
<startTime>${new Date(startedAtMs).toISOString()}</startTime>
${live ? dvrInfo(windowSeconds) : `<duration>${durationSeconds.toFixed(3)}</duration>\n`}${media}</manifest>
`;
}

function dvrInfo(windowSeconds: number): string {
  if (windowSeconds === 0) return '<dvrInfo offline="false"/>\n';
  const windowDuration = Math.round(windowSeconds);
  return windowDuration < leastDvrSeconds ? '' : `<dvrInfo${xmlAttributes({ offline: 'false', windowDuration })}/>\n`;
}

function shape({ track, audio }: Rendition): Record<string, number> {
  const bitrate = kbps(track.bitrateBps + (audio?.bitrateBps ?? 0));
  return track.kind === 'video' ? { bitrate, width: track.width, height: track.height } : { bitrate };
}

function metadataOf({ track, audio }: Rendition, durationSeconds: number | undefined): Record<string, number> {
  const sound = track.kind === 'audio' ? track : audio;
  return {
    ...(durationSeconds !== undefined && { duration: durationSeconds }),
    ...(track.kind === 'video' && {
      width: track.width,
      height: track.height,
      ...(track.frameRate > 0 && { framerate: track.frameRate }),
      videodatarate: kbps(track.bitrateBps),
      videocodecid: 7,
    }),
    ...(sound?.kind === 'audio' && {
      audiodatarate: kbps(sound.bitrateBps),
      audiosamplerate: sound.sampleRate,
      audiocodecid: 10,
    }),
  };
}

function kbps(bitsPerSecond: number): number {
  return Math.max(1, Math.round(bitsPerSecond / 1000));
}
