import { isRefusal, refuse, type Refusal } from '../../errors.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { parseMediaPath } from '../cmaf/mediaPath.ts';
import { partMedia } from '../cmaf/partMedia.ts';
import { parsePartPath } from '../cmaf/partPath.ts';
import { cmafMedia } from '../cmaf/segment.ts';
import { LongWork } from '../longWork.ts';
import type { Answer, Manifest, ManifestRequest, Packager } from '../packager.ts';
import { QueriedManifests } from '../queriedManifests.ts';
import { MadeMedia } from '../madeMedia.ts';
import { TimelineCache } from '../timelineCache.ts';
import { TimelinePart } from '../timelinePart.ts';
import { longestWaitMs, whenGrown } from '../whenGrown.ts';
import { HlsManifests } from './manifest.ts';
import { parseReloadDirectives } from './reloadDirectives.ts';
import { subtitleMedia } from './subtitleMedia.ts';
import { parseSubtitlePath } from './subtitlePath.ts';
import { TrackRates } from './trackRates.ts';

const playlistPath = /^([a-z0-9]{1,16})(-iframes)?\.m3u8$/;
/** In target durations: what is waited for has an address of its own (RFC 8216bis, Appendix B.1). */
const blockedMaxAge = 6;
const keptSubtitleBytes = 8 * 1024 * 1024;

/** HLS with fragmented MP4 (RFC 8216, and 8216bis for low latency): `master.m3u8`, and playlists for each track. */
export function createHlsPackager(): Packager {
  const rates = new WeakMap<TimelineReader, TrackRates>();
  const ratesOf = (timeline: TimelineReader) => {
    const whole = timeline instanceof TimelinePart ? timeline.whole : timeline;
    let known = rates.get(whole);
    if (!known) rates.set(whole, (known = new TrackRates(whole)));
    return known;
  };
  const timelines = new TimelineCache((timeline) => new HlsManifests(timeline, ratesOf(timeline)));
  const longWork = new LongWork();
  const queried = new QueriedManifests();
  const subtitles = new MadeMedia(keptSubtitleBytes);

  /** A playlist as it is now, or once what its reload waits for is there. */
  function playlistAnswer(
    timeline: TimelineReader,
    manifests: HlsManifests,
    { name, iframes }: { readonly name: string; readonly iframes: boolean },
    request: ManifestRequest,
  ): Answer<Manifest> {
    const { parameters, signal } = request;
    if (timeline.segments.length === 0) return refuse('notLive');
    if (name === 'master' && !iframes) return queried.with(manifests.master(), request);
    const answer = (skip: boolean): Manifest | Refusal => {
      const manifest = iframes ? manifests.iframes(name, skip) : manifests.media(name, skip);
      return manifest ? queried.with(manifest, request) : refuse('trackNotFound');
    };
    // What has ended, and what never grew, knows no directives (RFC 8216bis 6.2.5).
    const playlist = manifests.lowLatency ? manifests.playlist(name) : undefined;
    if (!playlist) return answer(false);
    const directives = parseReloadDirectives(parameters);
    if (isRefusal(directives)) return directives;
    const { sequence, part, skip } = directives;
    if (sequence === undefined) return answer(skip);
    if (playlist.isFarAhead(sequence, part)) return refuse('badRequest', 'This is too far ahead of the broadcast.');
    const blocked = () => forLong(answer(skip), timeline);
    const reaches =
      iframes || manifests.isText(name)
        ? () => timeline.ended || timeline.segments.at(-1)!.sequence >= sequence
        : () => !manifests.lowLatency || manifests.playlist(name)?.reaches(sequence, part) !== false;
    if (reaches()) return blocked();
    return whenGrown(timeline, reaches, { withinMs: longestWaitMs(timeline), signal }).then((there) =>
      there ? blocked() : refuse('notYetAvailable'),
    );
  }

  return {
    name: 'hls',
    route: (path) => (playlistPath.test(path) ? 'manifest' : isMediaPath(path) ? 'media' : undefined),
    manifest: (timeline, request) => {
      const { path, nowMs } = request;
      const [, name = '', iframes] = playlistPath.exec(path) ?? [];
      if (name === '') return refuse('notFound');
      if (timeline.segments.length === 0) return refuse('notLive');
      const manifests = timelines.of(timeline, nowMs);
      const answer = () => playlistAnswer(timeline, manifests, { name, iframes: iframes !== undefined }, request);
      return longWork.before(timeline, () => manifests.takeOver(name, iframes !== undefined), answer);
    },
    media: (timeline, path, signal) => {
      if (parseSubtitlePath(path)) return subtitleMedia(timeline, path, subtitles);
      return parsePartPath(path) ? partMedia(timeline, path, signal) : cmafMedia(timeline, path, signal);
    },
  };
}

function isMediaPath(path: string): boolean {
  return [parseMediaPath, parsePartPath, parseSubtitlePath].some((parse) => parse(path) !== undefined);
}

function forLong(manifest: Manifest | Refusal, { ended, targetDurationSeconds }: TimelineReader): Manifest | Refusal {
  if (isRefusal(manifest) || ended) return manifest;
  return { ...manifest, maxAgeSeconds: blockedMaxAge * Math.max(1, targetDurationSeconds) };
}
