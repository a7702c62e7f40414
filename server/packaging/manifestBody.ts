import { hash } from 'node:crypto';
import type { TimelineReader } from '../segments/timelineReader.ts';
import type { Manifest } from './packager.ts';

/** After the end a new broadcast may begin at the same address, so that even a finished manifest is kept only shortly. */
const endedMaxAgeSeconds = 5;

/** Wraps a manifest's text; the tag comes from its bytes and so holds over restarts of the server. */
export function manifestBody(body: Buffer, contentType: string, timeline: TimelineReader): Manifest {
  return {
    body,
    contentType,
    tag: hash('sha1', body, 'base64url').slice(0, 20),
    maxAgeSeconds: timeline.ended ? endedMaxAgeSeconds : Math.max(1, Math.floor(timeline.targetDurationSeconds / 2)),
  };
}
