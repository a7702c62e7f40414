import type { Track } from '../media/track.ts';
import { encodeMedia } from '../packaging/encodedMedia.fixture.ts';
import type { SegmentToAdd } from '../packaging/memoryTimeline.fixture.ts';
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
  end(): Promise<void>;
  close(): Promise<void>;
}

/** 6 s in two qualities, then 4 s of another size in one, nothing for 10 s, and again 6 s in two. */
export async function storeBroadcast(epochMs: number): Promise<StoredBroadcast> {
  const [first, second] = await Promise.all([encodeMedia(1000, 10, 440, 2), encodeMedia(21_000, 6, 880, 2)]);
  const small = first.tracks.filter(({ id }) => id !== 'v0').map((track) => renamed(track));
  const runs = [
    { startMs: 1000, tracks: first.tracks, segments: first.segments.slice(0, 3) },
    { startMs: 7000, tracks: small, segments: first.segments.slice(3).map(smallAsSource) },
    { startMs: 21_000, tracks: second.tracks, segments: second.segments },
  ];
  const root = await makeDirectory();
  const opened = await openStore(root);
  const writer = await opened.store.write({ id: 'stored', entryId: '0_abcd1234', epochMs, windowSeconds: 0 });
  const media = new Map<string, Buffer>();
  for (const { startMs, tracks, segments } of runs) {
    const period = await writer.startPeriod({ startMs, tracks: tracks.map(withInit) });
    for (const segment of segments) {
      const open = period.openSegment({ startMs: segment.startMs, wallClockMs: epochMs + segment.startMs });
      for (const [id, { fragments, media: bytes }] of Object.entries(segment.tracks)) {
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
    end: () => writer.end(),
    close: async () => {
      await opened.close();
      await removeDirectory(root);
    },
  };
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
