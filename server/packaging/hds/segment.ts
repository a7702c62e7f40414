import { flvFramesBytes, writeFlvFrames, type FlvFrame } from '../../media/flv/flvFrames.ts';
import { words, writeBox } from '../../media/mp4/boxWriter.ts';
import { trackFrames, type StoredPart, type TrackFrames } from './trackFrames.ts';

export interface FragmentContent {
  readonly number: number;
  /** Where the fragment begins, for one without any frames. */
  readonly startMs: number;
  /** Picture before sound. */
  readonly parts: readonly StoredPart[];
}

const boxHeaderBytes = 8;

/** An HDS fragment: FLV tags in an `mdat`, decodable from the first on (Adobe HDS 3.0, F4F). Throws `Mp4Error`. */
export function hdsFragment({ number, startMs, parts }: FragmentContent): Buffer {
  const tracks = parts.map(trackFrames);
  const frames = [...configurations(tracks, Math.round(startMs)), ...interleave(tracks)];
  const moof = writeBox('moof', writeBox('mfhd', words(0, number)));
  const mdatBytes = boxHeaderBytes + flvFramesBytes(frames);
  const fragment = Buffer.allocUnsafeSlow(moof.length + mdatBytes);
  fragment.set(moof);
  const mdat = fragment.writeUInt32BE(mdatBytes, moof.length);
  writeFlvFrames(fragment, mdat + fragment.write('mdat', mdat, 'latin1'), frames);
  return fragment;
}

/** What decoders need, at the time of the earliest frame. */
function configurations(tracks: readonly TrackFrames[], startMs: number): FlvFrame[] {
  const firsts = tracks.flatMap(({ frames }) => frames[0]?.timestampMs ?? []);
  const timestampMs = firsts.length > 0 ? Math.min(...firsts) : startMs;
  return tracks.map(({ configuration }) => {
    return { ...configuration, configuration: true, keyFrame: true, timestampMs, compositionMs: 0 };
  });
}

/** All frames by their decoding times; of equal ones the first track's comes first. */
function interleave(tracks: readonly TrackFrames[]): FlvFrame[] {
  return tracks.flatMap(({ frames }) => frames).toSorted((a, b) => a.timestampMs - b.timestampMs);
}
