import { refuse } from '../../errors.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { LongWork } from '../longWork.ts';
import { MadeMedia } from '../madeMedia.ts';
import type { Packager } from '../packager.ts';
import { QueriedManifests } from '../queriedManifests.ts';
import { TimelineCache } from '../timelineCache.ts';
import { escapeXml } from '../xml.ts';
import { KnownLevels } from './knownLevels.ts';
import { SmoothManifest } from './manifest.ts';
import { parseFragmentPath } from './mediaPath.ts';
import { smoothMedia, type FragmentSource } from './segment.ts';
import { TrackInits } from './trackInits.ts';

const manifestPath = 'Manifest';
const linkEnds = { media: /(?<=\{start time\}\))(?=")/g };

/** Smooth Streaming (MS-SSTR): `Manifest`, and fragments made of the stored samples when they are asked for. */
export function createMssPackager(): Packager {
  const sources = new WeakMap<TimelineReader, FragmentSource>();
  const sourceOf = (timeline: TimelineReader) => {
    let source = sources.get(timeline);
    if (!source) {
      source = { timeline, inits: new TrackInits(timeline), levels: new KnownLevels(timeline) };
      sources.set(timeline, source);
    }
    return source;
  };
  const timelines = new TimelineCache((timeline) => new SmoothManifest(timeline, sourceOf(timeline).inits));
  const longWork = new LongWork();
  const queried = new QueriedManifests(undefined, linkEnds);
  const made = new MadeMedia();
  return {
    name: 'mss',
    route: (path) => (path === manifestPath ? 'manifest' : parseFragmentPath(path) ? 'media' : undefined),
    manifest: (timeline, request) => {
      const { path, nowMs } = request;
      if (path !== manifestPath) return refuse('notFound');
      sourceOf(timeline).levels.learn();
      const manifests = timelines.of(timeline, nowMs);
      const answer = async () => {
        const manifest = await manifests.manifest();
        if (manifest) return queried.with(manifest, request, escapeXml);
        // A range is only asked for of what has begun.
        return request.rangeQuery === undefined ? refuse('notLive') : refuse('notYetAvailable');
      };
      return longWork.before(timeline, () => manifests.takeOver(), answer);
    },
    media: (timeline, path, signal) => smoothMedia(sourceOf(timeline), made, path, signal),
  };
}
