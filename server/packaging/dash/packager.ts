import { refuse } from '../../errors.ts';
import { parseMediaPath } from '../cmaf/mediaPath.ts';
import { cmafMedia } from '../cmaf/segment.ts';
import { LongWork } from '../longWork.ts';
import type { Packager } from '../packager.ts';
import { QueriedManifests } from '../queriedManifests.ts';
import { TimelineCache } from '../timelineCache.ts';
import { DashManifest } from './manifest.ts';
import { escapeXml } from '../xml.ts';

const manifestPath = 'manifest.mpd';

/** MPEG-DASH, ISO BMFF live profile: `manifest.mpd`, over the same CMAF media as HLS. */
export function createDashPackager(): Packager {
  const timelines = new TimelineCache((timeline) => new DashManifest(timeline));
  const longWork = new LongWork();
  const queried = new QueriedManifests();
  return {
    name: 'dash',
    route: (path) => (path === manifestPath ? 'manifest' : parseMediaPath(path) ? 'media' : undefined),
    manifest: (timeline, request) => {
      const { path, nowMs } = request;
      if (path !== manifestPath) return refuse('notFound');
      const manifests = timelines.of(timeline, nowMs);
      const answer = () =>
        timeline.segments.length > 0 ? queried.with(manifests.manifest(), request, escapeXml) : refuse('notLive');
      return longWork.before(timeline, () => manifests.takeOver(), answer);
    },
    media: cmafMedia,
  };
}
