import { refuse } from '../../errors.ts';
import { parseMediaPath } from '../cmaf/mediaPath.ts';
import { cmafMedia } from '../cmaf/segment.ts';
import type { Packager } from '../packager.ts';
import { QueriedManifests } from '../queriedManifests.ts';
import { TimelineCache } from '../timelineCache.ts';
import { DashManifest } from './manifest.ts';
import { escapeXml } from '../xml.ts';

const manifestPath = 'manifest.mpd';

/** MPEG-DASH, ISO BMFF live profile: `manifest.mpd`, over the same CMAF media as HLS. */
export function createDashPackager(): Packager {
  const timelines = new TimelineCache((timeline) => new DashManifest(timeline));
  const queried = new QueriedManifests();
  return {
    name: 'dash',
    route: (path) => (path === manifestPath ? 'manifest' : parseMediaPath(path) ? 'media' : undefined),
    manifest: (timeline, request) => {
      const { path, nowMs } = request;
      if (path !== manifestPath) return refuse('notFound');
      if (timeline.segments.length === 0) return refuse('notLive');
      return queried.with(timelines.of(timeline, nowMs).manifest(), request, escapeXml);
    },
    media: cmafMedia,
  };
}
