import { createRequire } from 'node:module';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import HLS from 'hls-parser';
import { countersIn } from '../../server/recording/clips/countedMedia.fixture.ts';
import { readSmoothFragment, readSmoothManifest } from '../../server/packaging/mss/readSmooth.fixture.ts';
import type { Playback } from '../../shared/model/entry.ts';
import { HdsViewer } from './hdsViewer.ts';

// The package has no types.
const mpdParser = createRequire(import.meta.url)('mpd-parser') as {
  parse(
    mpd: string,
    options: { manifestUri: string },
  ): {
    readonly playlists: readonly {
      readonly attributes: { readonly NAME: string };
      readonly segments: readonly { readonly resolvedUri: string; readonly map: { readonly resolvedUri: string } }[];
    }[];
  };
};

/** Numbers burnt into the frames that a rendition shows, in their order; by the address of the rendition. */
export type ShownFrames = ReadonlyMap<string, readonly number[]>;

/** One piece of media and what it needs to be decoded. */
interface Piece {
  readonly init: string;
  readonly media: string;
}

/** Each format's list is read by somebody else's parser (HDS has none), and its media are decoded by ffmpeg, run by run. */
export async function shownFrames(playback: Playback): Promise<Record<'hls' | 'dash' | 'hds' | 'mss', ShownFrames>> {
  const { hls, dash, hds, mss } = playback;
  return {
    hls: await inHls(hls ?? ''),
    dash: await inDash(dash ?? ''),
    hds: await inHds(hds ?? ''),
    mss: await inSmooth(mss ?? ''),
  };
}

async function inHls(url: string): Promise<ShownFrames> {
  const master = HLS.parse(await textAt(url));
  if (!('variants' in master)) throw new Error('not a master playlist');
  const shown = new Map<string, number[]>();
  for (const { uri, isIFrameOnly } of master.variants) {
    if (isIFrameOnly) continue;
    const address = new URL(uri, url).href;
    const list = HLS.parse(await textAt(address));
    if (!('segments' in list)) throw new Error('not a media playlist');
    let init = '';
    const pieces = list.segments.map(({ uri: media, map }): Piece => {
      if (map) init = new URL(map.uri, address).href;
      return { init, media: new URL(media, address).href };
    });
    shown.set(uri, await inPieces(pieces));
  }
  return shown;
}

async function inDash(url: string): Promise<ShownFrames> {
  const { playlists } = mpdParser.parse(await textAt(url), { manifestUri: url });
  const shown = new Map<string, number[]>();
  for (const { attributes, segments } of playlists) {
    const pieces = segments.map(({ map, resolvedUri }): Piece => ({ init: map.resolvedUri, media: resolvedUri }));
    shown.set(attributes.NAME, await inPieces(pieces));
  }
  return shown;
}

async function inHds(url: string): Promise<ShownFrames> {
  const shown = new Map<string, number[]>();
  for (let rendition = 0; ; rendition++) {
    const viewer = await HdsViewer.open(url, rendition);
    if (!viewer) return shown;
    const { fragments } = await viewer.bootstrap();
    shown.set(String(rendition), await countersInFile(await viewer.flv(fragments), 'flv'));
  }
}

async function inSmooth(url: string): Promise<ShownFrames> {
  const { streams } = readSmoothManifest(await textAt(url));
  const video = streams.find(({ attributes }) => attributes['Type'] === 'video');
  const shown = new Map<string, number[]>();
  const chunks = video?.chunks.length ?? 0;
  for (const [index, level] of (video?.levels ?? []).entries()) {
    const stream: Buffer[] = [Buffer.from(level['CodecPrivateData'] ?? '', 'hex')];
    for (const path of video?.paths.slice(index * chunks, (index + 1) * chunks) ?? []) {
      const { samples } = readSmoothFragment(await bytesAt(new URL(path, url).href));
      for (const { data } of samples) stream.push(...startCodes(data));
    }
    shown.set(level['Bitrate'] ?? '', await countersInFile(Buffer.concat(stream), 'h264'));
  }
  return shown;
}

/** Runs with the same init segment, each decoded by itself. */
async function inPieces(pieces: readonly Piece[]): Promise<number[]> {
  const numbers: number[] = [];
  for (let index = 0; index < pieces.length;) {
    const { init } = pieces[index]!;
    const parts = [await bytesAt(init)];
    for (; pieces[index]?.init === init; index++) parts.push(await bytesAt(pieces[index]!.media));
    numbers.push(...(await countersIn(Buffer.concat(parts))));
  }
  return numbers;
}

async function countersInFile(bytes: Buffer, extension: string): Promise<number[]> {
  const directory = await mkdtemp(join(tmpdir(), 'tallylight-shown-'));
  try {
    const path = join(directory, `media.${extension}`);
    await writeFile(path, bytes);
    return await countersIn(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** NAL units with lengths, as a stream with start codes. */
function startCodes(sample: Buffer): Buffer[] {
  const units: Buffer[] = [];
  for (let offset = 0; offset + 4 <= sample.length;) {
    const end = offset + 4 + sample.readUInt32BE(offset);
    units.push(Buffer.from([0, 0, 0, 1]), sample.subarray(offset + 4, end));
    offset = end;
  }
  return units;
}

async function bytesAt(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function textAt(url: string): Promise<string> {
  return (await bytesAt(url)).toString();
}
