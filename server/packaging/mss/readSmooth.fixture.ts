import { XMLParser } from 'fast-xml-parser';
import { createFile, MP4BoxBuffer } from 'mp4box';
import { isRefusal } from '../../errors.ts';
import type { Packager } from '../packager.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

interface Attributes {
  readonly [name: string]: string;
}

interface ReadChunk {
  readonly t: number;
  readonly d: number;
}

export interface ReadStream {
  readonly attributes: Attributes;
  readonly levels: readonly Attributes[];
  readonly chunks: readonly ReadChunk[];
  /** Of every chunk in every quality, with the placeholders filled in. */
  readonly paths: readonly string[];
}

export interface ReadManifest {
  readonly attributes: Attributes;
  readonly streams: readonly ReadStream[];
}

type Element = Readonly<Record<string, unknown>>;

/** A manifest's text; throws when it was refused. */
export async function smoothText(packager: Packager, timeline: TimelineReader, query = ''): Promise<string> {
  const request = { path: 'Manifest', query, nowMs: 0 };
  const manifest = await packager.manifest(timeline, request);
  if (isRefusal(manifest)) throw new Error(manifest.refused);
  return manifest.body.toString();
}

/** A client manifest as another parser of XML reads it. */
export function readSmoothManifest(xml: string): ReadManifest {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name: string) => ['StreamIndex', 'QualityLevel', 'c'].includes(name),
  });
  const { SmoothStreamingMedia: root } = parser.parse(xml) as { SmoothStreamingMedia: Element };
  return { attributes: attributesOf(root), streams: ((root['StreamIndex'] ?? []) as Element[]).map(readStream) };
}

function readStream(stream: Element): ReadStream {
  const attributes = attributesOf(stream);
  const levels = ((stream['QualityLevel'] ?? []) as Element[]).map(attributesOf);
  const chunks: ReadChunk[] = [];
  for (const element of (stream['c'] ?? []) as Attributes[]) {
    const last = chunks.at(-1);
    let t = Number(element['t'] ?? (last ? last.t + last.d : Number.NaN));
    for (let count = Number(element['r'] ?? 1); count > 0; count--) {
      chunks.push({ t, d: Number(element['d']) });
      t += Number(element['d']);
    }
  }
  const paths = levels.flatMap((level) =>
    chunks.map(({ t }) =>
      attributes['Url']!.replace('{bitrate}', level['Bitrate']!).replace('{start time}', String(t)),
    ),
  );
  return { attributes, levels, chunks, paths };
}

function attributesOf(element: Element): Attributes {
  return Object.fromEntries(
    Object.entries(element).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

interface SmoothBox {
  readonly box_name: string;
  readonly absolute_time: number;
  readonly duration: number;
  readonly entries: readonly { readonly absolute_time: number; readonly absolute_duration: number }[];
}

interface TrackRun {
  readonly sample_duration: readonly number[];
  readonly sample_size: readonly number[];
  readonly sample_flags: readonly number[];
  readonly sample_composition_time_offset: readonly number[];
  readonly data_offset: number;
}

export interface ReadFragment {
  readonly time: { readonly start: number; readonly duration: number };
  readonly next: readonly { readonly start: number; readonly duration: number }[];
  readonly samples: readonly {
    readonly data: Buffer;
    readonly duration: number;
    readonly composition: number;
    readonly sync: boolean;
  }[];
}

/** A fragment as mp4box reads it. */
export function readSmoothFragment(bytes: Buffer): ReadFragment {
  const file = createFile();
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(bytes).buffer, 0));
  file.flush();
  const [moof] = file.boxes as unknown as { trafs: { boxes: SmoothBox[]; truns: TrackRun[] }[] }[];
  const [traf] = moof!.trafs;
  const find = (name: string) => traf!.boxes.find(({ box_name: own }) => own === name)!;
  const [run] = traf!.truns;
  let offset = run!.data_offset;
  const samples = run!.sample_size.map((size, index) => {
    offset += size;
    return {
      data: bytes.subarray(offset - size, offset),
      duration: run!.sample_duration[index]!,
      composition: run!.sample_composition_time_offset[index] ?? 0,
      sync: !(run!.sample_flags[index]! & 0x10000),
    };
  });
  const { absolute_time: start, duration } = find('TfxdBox');
  const next = find('TfrfBox').entries.map((entry) => ({
    start: entry.absolute_time,
    duration: entry.absolute_duration,
  }));
  return { time: { start, duration }, next, samples };
}
