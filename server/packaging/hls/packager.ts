import { refuse } from '../../errors.ts';
import { cmafMedia } from '../cmaf/segment.ts';
import { parseMediaPath } from '../cmaf/mediaPath.ts';
import type { Packager } from '../packager.ts';
import { QueriedManifests } from '../queriedManifests.ts';
import { TimelineCache } from '../timelineCache.ts';
import { HlsManifests } from './manifest.ts';

const mediaPlaylistPath = /^([a-z0-9]{1,16})\.m3u8$/;

/** HLS with fragmented MP4 (RFC 8216): `master.m3u8` and one playlist per track. */
export function createHlsPackager(): Packager {
  const timelines = new TimelineCache((timeline) => new HlsManifests(timeline));
  const queried = new QueriedManifests();
  return {
    name: 'hls',
    route: (path) => (mediaPlaylistPath.test(path) ? 'manifest' : parseMediaPath(path) ? 'media' : undefined),
    manifest: (timeline, request) => {
      const { path, nowMs } = request;
      const trackId = mediaPlaylistPath.exec(path)?.[1];
      if (trackId === undefined) return refuse('notFound');
      if (timeline.segments.length === 0) return refuse('notLive');
      const manifests = timelines.of(timeline, nowMs);
      const manifest = trackId === 'master' ? manifests.master() : manifests.media(trackId);
      return manifest ? queried.with(manifest, request) : refuse('trackNotFound');
    },
    media: cmafMedia,
  };
}
