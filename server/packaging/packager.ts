import type { Readable } from 'node:stream';
import type { StoredBytes, TimelineReader } from '../segments/timelineReader.ts';
import type { Refusal } from '../errors.ts';

/** Which manifest, and what its links carry. Links are relative, so that they hold for every host it is fetched from. */
export interface ManifestRequest {
  /** Path below the format's folder: `master.m3u8`, `v0.m3u8`, `manifest.mpd`. */
  readonly path: string;
  /** Appended to every link in the manifest, without `?`: playback tokens. Empty for none. */
  readonly query: string;
  /** Appended to links to other manifests as well: which part of the timeline was asked for. */
  readonly rangeQuery?: string;
  /** The request's own query, for what is a format's alone. */
  readonly parameters?: URLSearchParams;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /** Unix ms, from outside so that packagers stay pure. */
  readonly nowMs: number;
}

export interface Manifest {
  readonly body: Buffer;
  readonly contentType: string;
  /** Equal tags mean equal bytes: for ETag and caches. */
  readonly tag: string;
  /** Seconds a cache may keep it; less than a segment while live. */
  readonly maxAgeSeconds: number;
}

export interface Media {
  readonly bytes: StoredBytes;
  readonly contentType: string;
  /** Seconds a cache may keep it, where that is less than for ever. */
  readonly maxAgeSeconds?: number;
}

/** Media that is still being written: ends when it is complete, and fails when it never will be. Whoever has it destroys it. */
export interface UnfinishedMedia {
  readonly following: Readable;
  readonly contentType: string;
}

/** At once where everything is at hand; a promise where something has to be read or waited for first. */
export type Answer<T> = T | Refusal | Promise<T | Refusal>;

/** A format: timeline in, bytes out, no HTTP. */
export interface Packager {
  readonly name: 'hls' | 'dash' | 'hds' | 'mss';
  /** Which URL paths below the format's folder are manifests and which are media; anything else is unknown. */
  route(path: string): 'manifest' | 'media' | undefined;
  manifest(timeline: TimelineReader, request: ManifestRequest): Answer<Manifest>;
  /** `signal`: nobody waits for the answer any more. */
  media(timeline: TimelineReader, path: string, signal?: AbortSignal): Answer<Media | UnfinishedMedia>;
}
