import { refuse } from '../../errors.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { timelineTag } from '../cmaf/mediaPath.ts';
import { LongWork } from '../longWork.ts';
import { MadeMedia } from '../madeMedia.ts';
import type { Packager } from '../packager.ts';
import { QueriedManifests } from '../queriedManifests.ts';
import { SeenTracks } from '../seenTracks.ts';
import { TimelineCache } from '../timelineCache.ts';
import { escapeXml } from '../xml.ts';
import { fragmentMedia } from './fragmentMedia.ts';
import { parseBootstrapPath, parseFragmentPath } from './fragmentPath.ts';
import { HdsManifests } from './manifest.ts';

const manifestPath = /^([a-z0-9]{1,16})\.f4m$/;
/** Behind every address in a manifest: clients move the query of a medium behind what they append. */
const linkEnds = { media: /(?<= url="[\w-]+\/[a-z0-9]+)(?=")/g, manifests: /(?<="[^"]*\.(?:f4m|abst))(?=")/g };

/**
 * Adobe HTTP Dynamic Streaming: `manifest.f4m` (1.0, all renditions), `set.f4m` (2.0, set level) and one `.f4m` per
 * rendition; fragments are made of the stored samples when they are asked for.
 */
export function createHdsPackager(): Packager {
  const seen = new WeakMap<TimelineReader, SeenTracks>();
  const seenOf = (timeline: TimelineReader) => {
    let tracks = seen.get(timeline);
    if (!tracks) seen.set(timeline, (tracks = new SeenTracks(timeline, ({ kind }) => kind !== 'text')));
    return tracks;
  };
  const timelines = new TimelineCache((timeline) => new HdsManifests(timeline, seenOf(timeline)));
  const longWork = new LongWork();
  const queried = new QueriedManifests(undefined, linkEnds);
  const made = new MadeMedia();
  return {
    name: 'hds',
    route: (path) => {
      if (manifestPath.test(path) || parseBootstrapPath(path) !== undefined) return 'manifest';
      return parseFragmentPath(path) ? 'media' : undefined;
    },
    manifest: (timeline, request) => {
      const { path, nowMs } = request;
      const name = manifestPath.exec(path)?.[1];
      const tag = parseBootstrapPath(path);
      if (name === undefined && tag === undefined) return refuse('notFound');
      if (timeline.segments.length === 0) return refuse('notLive');
      const manifests = timelines.of(timeline, nowMs);
      if (name === undefined) {
        if (tag !== timelineTag(timeline)) return refuse('segmentNotFound');
        const answer = () => (timeline.segments.length > 0 ? manifests.bootstrap() : refuse('notLive'));
        return longWork.before(timeline, () => manifests.takeOver(), answer);
      }
      const manifest =
        name === 'manifest' ? manifests.all() : name === 'set' ? manifests.setLevel() : manifests.streamLevel(name);
      return manifest ? queried.with(manifest, request, escapeXml) : refuse('trackNotFound');
    },
    media: (timeline, path) => fragmentMedia(timeline, path, seenOf(timeline), made),
  };
}
