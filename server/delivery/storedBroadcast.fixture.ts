import { writeCueFragment } from '../media/captions/cueFragment.ts';
import { writeTextInit } from '../media/mp4/writeTextInit.ts';
import type { Track } from '../media/track.ts';
import { encodeMedia } from '../packaging/encodedMedia.fixture.ts';
import type { SegmentToAdd, TrackMedia } from '../packaging/memoryTimeline.fixture.ts';
import { makeDirectory, openStore, removeDirectory } from '../segments/openedStore.fixture.ts';
import type { TrackWithInit } from '../segments/segmentStore.ts';
import type { TimelineReader } from '../segments/timelineReader.ts';

type StoredTrack = Track & { readonly init: Buffer };

/** Really encoded, really stored: what it has, and how to end it. */
export interface StoredBroadcast {
  readonly timeline: TimelineReader;
  /** By the period's index: the tracks with their init segments. */
  readonly periods: readonly (readonly StoredTrack[])[];
  /** Bytes of a track's segment, by sequence. */
  media(sequence: number, trackId: string): Buffer;
  /** The reconnect window has passed. */
  end(): Promise<void>;
  close(): Promise<void>;
}

const textTimescale = 1000;
const reconnectWindowMs = 300_000;
/** As without DVR. */
const windowSeconds = 30;

const captions: StoredTrack = {
  kind: 'text',
  id: 't1',
  codec: 'wvtt',
  timescale: textTimescale,
  bitrateBps: 1000,
  language: 'en',
  label: 'English',
  init: Buffer.from(writeTextInit(textTimescale, 'en')),
};

/** What is said in the middle of the segment that begins there. */
export const captionAt = (startMs: number) => `said at ${startMs}`;

/**
 * 6 s in two qualities, then 4 s of another size in one, nothing for 10 s, and again 6 s in two; captions throughout.
 * Viewers can reach the last half minute.
 */
export async function storeBroadcast(epochMs: number): Promise<StoredBroadcast> {
  const [first, second] = await Promise.all([encodeMedia(1000, 10, 440, 2), encodeMedia(21_000, 6, 880, 2)]);
  const small = first.tracks.filter(({ id }) => id !== 'v0').map((track) => renamed(track));
  const runs = [
    { startMs: 1000, tracks: [...first.tracks, captions], segments: first.segments.slice(0, 3) },
    { startMs: 7000, tracks: [...small, captions], segments: first.segments.slice(3).map(smallAsSource) },
    { startMs: 21_000, tracks: [...second.tracks, captions], segments: second.segments },
  ];
  const root = await makeDirectory();
  let nowMs = epochMs + 27_000;
  const opened = await openStore(root, { now: () => nowMs });
  const writer = await opened.store.write({ id: 'stored', entryId: '0_abcd1234', epochMs, windowSeconds });
  const media = new Map<string, Buffer>();
  for (const { startMs, tracks, segments } of runs) {
    const period = await writer.startPeriod({ startMs, tracks: tracks.map(withInit) });
    for (const segment of segments) {
      const open = period.openSegment({ startMs: segment.startMs, wallClockMs: epochMs + segment.startMs });
      for (const [id, { fragments, media: bytes }] of Object.entries({ ...segment.tracks, t1: captionOf(segment) })) {
        media.set(`${open.sequence}/${id}`, bytes!);
        for (const { offset, bytes: length, ...fragment } of fragments!) {
          open.append(id, { ...fragment, data: bytes!.subarray(offset, offset + length) });
        }
      }
      await open.complete();
    }
  }
  return {
    timeline: writer.timeline,
    periods: runs.map(({ tracks }) => tracks),
    media: (sequence, trackId) => media.get(`${sequence}/${trackId}`)!,
    end: () => {
      nowMs += reconnectWindowMs;
      return writer.end();
    },
    close: async () => {
      await opened.close();
      await removeDirectory(root);
    },
  };
}

function captionOf({ startMs, durationMs }: SegmentToAdd): TrackMedia {
  const blocks = [{ settings: '', text: captionAt(startMs) }];
  const cues = [{ startTicks: startMs + 500, endTicks: startMs + 1500, blocks }];
  const media = Buffer.from(writeCueFragment(startMs, startMs + durationMs, cues));
  const times = { startTicks: startMs, durationTicks: durationMs };
  return { ...times, fragments: [{ ...times, offset: 0, bytes: media.length, independent: true }], media };
}

function withInit(track: StoredTrack): TrackWithInit {
  return track;
}

/** The smaller picture in the place of the source's, as when a camera is turned or a browser is short of bandwidth. */
function renamed(track: StoredTrack): StoredTrack {
  return track.id === 'v1' ? { ...track, id: 'v0' } : track;
}

function smallAsSource({ tracks: { v1, a0 }, ...times }: SegmentToAdd): SegmentToAdd {
  return { ...times, tracks: { v0: v1!, a0: a0! } };
}
