import { createRequire } from 'node:module';
import { parse as parsePlaylist, setOptions, types } from 'hls-parser';
import { isRefusal } from '../errors.ts';
import type { Packager } from './packager.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';

interface MpdSegment {
  readonly uri: string;
  readonly duration: number;
  readonly presentationTime: number;
}

interface MpdPlaylist {
  readonly attributes: { readonly NAME: string };
  readonly segments: readonly MpdSegment[];
}

/** Empty when nothing is listed. */
interface ParsedMpd {
  readonly playlists?: readonly MpdPlaylist[];
  readonly mediaGroups?: { readonly AUDIO: { readonly audio?: Record<string, { playlists: readonly MpdPlaylist[] }> } };
}

// The package has no types.
const mpdParser = createRequire(import.meta.url)('mpd-parser') as {
  parse(mpd: string, options: { manifestUri: string }): ParsedMpd;
};

setOptions({ strictMode: true });

/** A manifest's text; throws when it was refused. */
export function textOf(packager: Packager, timeline: TimelineReader, path: string, query = ''): string {
  const manifest = packager.manifest(timeline, { path, query, nowMs: 0 });
  if (manifest instanceof Promise) throw new Error(`${path}: not at once`);
  if (isRefusal(manifest)) throw new Error(`${path}: ${manifest.refused}`);
  return manifest.body.toString();
}

/** A media playlist as hls-parser understands it. */
export function readMediaPlaylist(packager: Packager, timeline: TimelineReader, path: string): types.MediaPlaylist {
  const playlist = parsePlaylist(textOf(packager, timeline, path));
  if (playlist.isMasterPlaylist) throw new Error(`${path} is a master playlist`);
  return playlist;
}

/** An MPD's segments by representation, as mpd-parser understands them. */
export function readMpd(packager: Packager, timeline: TimelineReader): Map<string, readonly MpdSegment[]> {
  const manifestUri = 'http://origin.test/play/0_abcd1234/dash/manifest.mpd';
  const { playlists = [], mediaGroups } = mpdParser.parse(textOf(packager, timeline, 'manifest.mpd'), { manifestUri });
  const audio = Object.values(mediaGroups?.AUDIO.audio ?? {}).flatMap((rendition) => rendition.playlists);
  return new Map([...playlists, ...audio].map(({ attributes, segments }) => [attributes.NAME, segments]));
}
