import { SampleTable } from '../../media/mp4/sampleTable.ts';
import { writeMovie, type MovieTrack } from '../../media/mp4/writeMovie.ts';
import type { Segment } from '../../media/timeline.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';
import { readFragmentHeads, type FragmentHead } from './fragmentHeads.ts';
import { readDescriptions, type PeriodTrack, type TrackDescriptions } from './trackDescriptions.ts';

/** Bytes of the file that come out of one stored file. */
export interface DownloadChunk {
  readonly sequence: number;
  readonly trackId: string;
  /** Comes before them, and from nowhere. */
  readonly prefix: Uint8Array;
  /** Starts and ends, in turn, of what is taken of the stored file. */
  readonly ranges: readonly number[];
  /** All of it. */
  readonly bytes: number;
}

/** A progressive MP4 as it will be sent: what is made for it, and where the rest comes from. */
export interface DownloadPlan {
  /** Up to and with the header of `mdat`. */
  readonly header: Uint8Array;
  readonly chunks: readonly DownloadChunk[];
  readonly length: number;
}

interface TrackPlan {
  readonly descriptions: TrackDescriptions;
  readonly samples: SampleTable;
  /** Of its first sample, in ms of the movie; undefined before it. */
  beginMs?: number;
  readonly chunkPlaces: number[];
}

interface ReadTrack {
  readonly plan: TrackPlan;
  readonly source: PeriodTrack;
  readonly heads: readonly FragmentHead[];
}

/** Longer gaps are left out, as in HLS; shorter ones are made up for by the sample before. */
const longestGapMs = 100;
const segmentsAtOnce = 8;
/** Room for all that is no media below the 4 GiB of 32 bits. */
const largeBytes = 2 ** 32 - 2 ** 27;
const noPrefix = new Uint8Array(0);

/** Reads all that a movie has to list; media are not read. `tracks`: one picture, one sound, or one of them. */
export async function planDownload(timeline: TimelineReader, tracks: readonly Track[]): Promise<DownloadPlan> {
  const descriptions = await Promise.all(tracks.map((track) => readDescriptions(timeline, track)));
  const plans = descriptions.flatMap((found): TrackPlan[] =>
    found ? [{ descriptions: found, samples: new SampleTable(), chunkPlaces: [] }] : [],
  );
  const chunks: DownloadChunk[] = [];
  let mediaBytes = 0;
  let movie = { period: NaN, shiftMs: 0, endMs: 0 };
  const { segments } = timeline;
  for (let index = 0; index < segments.length; index += segmentsAtOnce) {
    const some = segments.slice(index, index + segmentsAtOnce);
    const read = await Promise.all(some.map((segment) => readTracks(timeline, segment, plans)));
    for (const [position, segment] of some.entries()) {
      const inSegment = read[position]!;
      if (segment.period !== movie.period) movie = beginPeriod(movie, segment.period, inSegment);
      for (const track of inSegment) {
        const chunk = addChunk(track, segment.sequence, movie);
        track.plan.chunkPlaces.push(mediaBytes);
        mediaBytes += chunk.bytes;
        chunks.push(chunk);
      }
    }
  }
  const header = writeHeader(plans, mediaBytes);
  return { header, chunks, length: header.length + mediaBytes };
}

async function readTracks(
  timeline: TimelineReader,
  segment: Segment,
  plans: readonly TrackPlan[],
): Promise<ReadTrack[]> {
  const read = plans.map(async (plan): Promise<ReadTrack | undefined> => {
    const source = plan.descriptions.periods.get(segment.period);
    if (!source || !Object.hasOwn(segment.tracks, source.trackId)) return undefined;
    const heads = await readFragmentHeads(timeline, segment.sequence, source.trackId, source.init);
    return heads.length > 0 ? { plan, source, heads } : undefined;
  });
  return (await Promise.all(read)).filter((track) => track !== undefined);
}

/** `shiftMs` leads from the timeline's positions to the movie's. */
function beginPeriod(before: { shiftMs: number; endMs: number }, period: number, tracks: readonly ReadTrack[]) {
  if (tracks.length === 0) return { ...before, period };
  const first = tracks.find(({ source }) => source.init.kind === 'video') ?? tracks[0]!;
  const startMs = startOf(first);
  const gapMs = startMs + before.shiftMs - before.endMs;
  const goesOn = before.endMs > 0 && Math.abs(gapMs) < longestGapMs;
  return { period, endMs: before.endMs, shiftMs: goesOn ? before.shiftMs : before.endMs - startMs };
}

function startOf({ heads, source }: ReadTrack): number {
  return (heads[0]!.startTicks * 1000) / source.init.timescale;
}

function addChunk(
  { plan, source, heads }: ReadTrack,
  sequence: number,
  movie: { readonly shiftMs: number; endMs: number },
): DownloadChunk {
  const { samples, descriptions } = plan;
  const { timescale } = source.init;
  const scale = descriptions.timescale / timescale;
  const prefix = heads[0]!.independent ? source.parameterSets : noPrefix;
  plan.beginMs ??= startOf({ plan, source, heads }) + movie.shiftMs;
  samples.addChunk(
    heads.reduce((count, head) => count + head.samples.length, 0),
    source.description,
  );
  let extraBytes = prefix.length;
  for (const head of heads) {
    const atMs = (head.startTicks * 1000) / timescale + movie.shiftMs;
    samples.extendTo(Math.round(((atMs - plan.beginMs) * descriptions.timescale) / 1000));
    // Decoded when they would be shown if none were reordered.
    const keyTicks = head.startTicks - head.samples[0]!.decodeTicks;
    for (const { bytes, durationTicks, compositionTicks, sync } of head.samples) {
      const offset = Math.round((compositionTicks - keyTicks) * scale);
      samples.addSample(bytes + extraBytes, Math.round(durationTicks * scale), offset, sync);
      extraBytes = 0;
    }
    movie.endMs = Math.max(movie.endMs, atMs + (head.durationTicks * 1000) / timescale);
  }
  const ranges = heads.flatMap(({ start, end }) => [start, end]);
  const bytes = prefix.length + heads.reduce((sum, { start, end }) => sum + end - start, 0);
  return { sequence, trackId: source.trackId, prefix, ranges, bytes };
}

function writeHeader(plans: readonly TrackPlan[], mediaBytes: number): Uint8Array {
  const isLarge = mediaBytes > largeBytes;
  const mdat = mdatHeader(mediaBytes, isLarge);
  const originMs = (plans.find(({ descriptions }) => descriptions.kind === 'video') ?? plans[0])?.beginMs ?? 0;
  const movieFrom = (mediaFrom: number) => {
    const tracks = plans.flatMap(({ descriptions, samples, beginMs, chunkPlaces }): MovieTrack[] => {
      if (beginMs === undefined) return [];
      const { kind, timescale, width, height, entries } = descriptions;
      const lateMs = beginMs - originMs;
      return [
        {
          kind,
          timescale,
          width,
          height,
          descriptions: entries,
          samples,
          beginTicks: Math.round((Math.max(0, -lateMs) * timescale) / 1000),
          delayMs: Math.max(0, lateMs),
          chunkOffsets: chunkPlaces.map((place) => mediaFrom + place),
        },
      ];
    });
    return writeMovie(tracks, isLarge);
  };
  // As long whatever it says.
  const length = movieFrom(0).length;
  return Buffer.concat([movieFrom(length + mdat.length), mdat]);
}

function mdatHeader(mediaBytes: number, isLarge: boolean): Buffer {
  const header = Buffer.alloc(isLarge ? 16 : 8);
  header.writeUInt32BE(isLarge ? 1 : mediaBytes + 8);
  header.write('mdat', 4, 'latin1');
  if (isLarge) header.writeBigUInt64BE(BigInt(mediaBytes + 16), 8);
  return header;
}
