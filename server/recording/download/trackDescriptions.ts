import { findBox, Mp4Error, readBox, requireBox } from '../../media/mp4/box.ts';
import { concatBytes } from '../../media/mp4/boxWriter.ts';
import { parseAvcConfiguration } from '../../media/codecs/h264.ts';
import { readInit, type InitSegment } from '../../media/mp4/initSegment.ts';
import { playableTrack } from '../../media/playableTrack.ts';
import type { Track } from '../../media/track.ts';
import type { TimelineReader } from '../../segments/timelineReader.ts';

/** What stands for a wanted track in one period. */
export interface PeriodTrack {
  readonly trackId: string;
  readonly init: InitSegment;
  /** Number of its sample entry, from 1. */
  readonly description: number;
  /** Parameter sets to put in front of key frames; empty where one sample entry says it for all. */
  readonly parameterSets: Uint8Array;
}

export interface TrackDescriptions {
  readonly kind: 'video' | 'audio';
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** Sample entries, in the order of their numbers. */
  readonly entries: readonly Uint8Array[];
  /** By period; one that has nothing of the kind is absent. */
  readonly periods: ReadonlyMap<number, PeriodTrack>;
}

/** Reads how a track is coded over all periods; another one stands in where a period does not have it. */
export async function readDescriptions(
  timeline: TimelineReader,
  wanted: Track,
): Promise<TrackDescriptions | undefined> {
  const entries = new Map<string, Uint8Array>();
  const periods = new Map<number, PeriodTrack>();
  let first: InitSegment | undefined;
  for (const period of timeline.periods) {
    const track = playableTrack(period, wanted);
    const bytes = track && (await timeline.init(period.index, track.id)?.buffer());
    if (!track || !bytes) continue;
    const init = readInit(bytes);
    const key = Buffer.from(configurationOf(init)).toString('latin1');
    if (!entries.has(key)) entries.set(key, sampleEntryOf(bytes));
    const description = [...entries.keys()].indexOf(key) + 1;
    periods.set(period.index, { trackId: track.id, init, description, parameterSets: new Uint8Array(0) });
    first ??= init;
  }
  if (!first) return undefined;
  if (entries.size > 1)
    // Players that know one sample entry only find the others' parameters here.
    for (const [index, period] of periods) periods.set(index, { ...period, parameterSets: setsOf(period.init) });
  const { kind, timescale } = first;
  const size = first.kind === 'video' ? { width: first.width, height: first.height } : { width: 0, height: 0 };
  return { kind, timescale, ...size, entries: [...entries.values()], periods };
}

function configurationOf(init: InitSegment): Uint8Array {
  return init.kind === 'video' ? init.avcC : init.audioSpecificConfig;
}

function sampleEntryOf(init: Uint8Array): Uint8Array {
  const moov = findBox(init, 0, init.length, 'moov');
  if (!moov) throw new Mp4Error('init segment has no moov');
  const stsd = requireBox(init, moov, 'trak', 'mdia', 'minf', 'stbl', 'stsd');
  const { start, end } = readBox(init, stsd.body + 8, stsd.end);
  return init.subarray(start, end);
}

/** As NAL units in front of a picture. */
function setsOf(init: InitSegment): Uint8Array {
  if (init.kind !== 'video') return new Uint8Array(0);
  const { sps, pps, nalLengthSize } = parseAvcConfiguration(init.avcC);
  const withLength = (set: Uint8Array) => {
    const length = Buffer.alloc(nalLengthSize);
    length.writeUIntBE(set.length, 0, nalLengthSize);
    return [length, set];
  };
  return concatBytes([...sps, ...pps].flatMap(withLength));
}
