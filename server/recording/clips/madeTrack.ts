import { readInit, readTrackInit, type InitSegment } from '../../media/mp4/initSegment.ts';
import { readFragment } from '../../media/mp4/mediaFragment.ts';
import { Mp4Splitter } from '../../media/mp4/mp4Splitter.ts';
import type { NewSample } from '../../media/mp4/writeFragment.ts';
import type { TrackWithInit } from '../../segments/segmentStore.ts';
import type { PieceTrack } from './pieceTrack.ts';
import { frameDurationTicks, frameTicks, layOutSound, type PieceEdges } from './soundFrames.ts';

export interface TimedSample extends NewSample {
  /** Of decoding. */
  readonly ticks: number;
}

/** A track of a piece as it is to be stored. */
export interface MadeTrack {
  readonly track: TrackWithInit;
  /** Number of the track within its files. */
  readonly trackId: number;
  readonly samples: readonly TimedSample[];
}

/**
 * ffmpeg's pictures with times that leave no hole up to where the piece ends; undefined when there are none. They are decoded
 * as long before they are shown as those of the source are: to players that put media together by the times of decoding, as
 * hls.js does, pieces would come late otherwise, or early, by the frames that the source reorders.
 */
export function encodedPictures(piece: PieceTrack, encoded: Uint8Array): MadeTrack | undefined {
  const { init, initBytes, samples } = readEncoded(encoded);
  const [first] = samples;
  if (init.kind !== 'video' || !first) return undefined;
  const { codec, width, height } = init;
  const track = { ...piece.track, codec, width, height, init: initBytes };
  const delay = Math.min(first.ticks, piece.samples.find(({ sync }) => sync)?.compositionTicks ?? 0);
  const delayed = withDurations(samples, piece.toTicks).map(({ ticks, durationTicks, sync, data }) => {
    return { ticks: ticks - delay, durationTicks, compositionTicks: delay, sync, data };
  });
  return { track, trackId: init.trackId, samples: delayed };
}

/** ffmpeg's frames of sound in their places; undefined when they are not of the kind that the track's neighbours are. */
export function encodedSound(piece: PieceTrack, encoded: Uint8Array, edges: PieceEdges): MadeTrack | undefined {
  const { init, initBytes, samples } = readEncoded(encoded);
  const { track } = piece;
  if (init.kind !== 'audio' || track.kind !== 'audio') return undefined;
  if (init.sampleRate !== track.sampleRate || init.channels !== track.channels || init.timescale !== track.timescale)
    return undefined;
  const frames = frameTicks(layOutSound(piece, edges)).flatMap((ticks, index): TimedSample[] => {
    const sample = samples[index];
    if (!sample) return [];
    const { data, sync } = sample;
    return [{ ticks, durationTicks: frameDurationTicks, compositionTicks: 0, sync, data }];
  });
  return frames.length > 0
    ? { track: { ...track, init: initBytes }, trackId: init.trackId, samples: frames }
    : undefined;
}

/** What need not be decoded to be cut, shortened cues, or could not be encoded alike: whole frames of sound. */
export function copiedSamples(piece: PieceTrack): MadeTrack | undefined {
  const { track, initBytes, fromTicks, toTicks } = piece;
  const samples = piece.samples.flatMap(({ presentationTicks, durationTicks, data, sync }): TimedSample[] => {
    const endTicks = presentationTicks + durationTicks;
    const middle = presentationTicks + durationTicks / 2;
    if (track.kind === 'audio') {
      if (middle < fromTicks || middle >= toTicks) return [];
      return [{ ticks: presentationTicks, durationTicks, compositionTicks: 0, sync, data }];
    }
    const ticks = Math.max(fromTicks, presentationTicks);
    const length = Math.min(toTicks, endTicks) - ticks;
    return length > 0 ? [{ ticks, durationTicks: length, compositionTicks: 0, sync, data }] : [];
  });
  const { trackId } = readTrackInit(initBytes);
  return samples.length > 0 ? { track: { ...track, init: initBytes }, trackId, samples } : undefined;
}

/**
 * The pictures of a piece as they are, where they can be decoded by themselves: it begins with a key frame, and all up to
 * its end are decoded before the first that comes after it.
 */
export function copiedPictures(piece: PieceTrack): MadeTrack | undefined {
  const { track, initBytes, fromTicks, toTicks } = piece;
  const first = piece.samples.findIndex(({ presentationTicks, sync }) => sync && presentationTicks === fromTicks);
  if (first < 0) return undefined;
  const rest = piece.samples.slice(first);
  const end = rest.findIndex(({ presentationTicks }) => presentationTicks >= toTicks);
  const inside = rest.slice(0, end < 0 ? rest.length : end);
  const isWhole =
    inside.every(({ presentationTicks }) => presentationTicks >= fromTicks) &&
    rest.slice(inside.length).every(({ presentationTicks }) => presentationTicks >= toTicks);
  if (!isWhole) return undefined;
  const samples = inside.map(({ decodeTicks, durationTicks, compositionTicks, sync, data }) => {
    return { ticks: decodeTicks, durationTicks, compositionTicks, sync, data };
  });
  return { track: { ...track, init: initBytes }, trackId: readTrackInit(initBytes).trackId, samples };
}

function readEncoded(encoded: Uint8Array): { init: InitSegment; initBytes: Uint8Array; samples: TimedSample[] } {
  const [head, ...fragments] = new Mp4Splitter().push(encoded);
  if (!head) throw new Error('ffmpeg made nothing');
  const init = readInit(head.data);
  const samples = fragments.flatMap(({ data }) =>
    readFragment(data, init).samples.map(({ decodeTicks, compositionTicks, durationTicks, sync, offset, bytes }) => ({
      // Frames are not reordered.
      ticks: decodeTicks + compositionTicks,
      compositionTicks: 0,
      durationTicks,
      sync,
      data: data.subarray(offset, offset + bytes),
    })),
  );
  return { init, initBytes: head.data, samples };
}

function withDurations(samples: readonly TimedSample[], endTicks: number): TimedSample[] {
  return samples.map((sample, index) => ({
    ...sample,
    durationTicks: Math.max(1, (samples[index + 1]?.ticks ?? endTicks) - sample.ticks),
  }));
}
