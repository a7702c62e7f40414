import { readBoxes, type Box } from '../mp4/box.ts';
import { writeBox } from '../mp4/boxWriter.ts';
import type { InitBase } from '../mp4/initSegment.ts';
import { readFragment } from '../mp4/mediaFragment.ts';
import { writeFragment, type NewSample } from '../mp4/writeFragment.ts';
import type { Cue, CueBlock } from './cue.ts';

const trackId = 1;
const nothing = writeBox('vtte');

/** Cues as one fragment of a WebVTT track (ISO/IEC 14496-30 6): a sample for each, and for each time without any. */
export function writeCueFragment(startTicks: number, endTicks: number, cues: readonly Cue[]): Uint8Array<ArrayBuffer> {
  const samples: NewSample[] = [];
  let reachedTicks = startTicks;
  const add = (data: Uint8Array, untilTicks: number) => {
    if (untilTicks <= reachedTicks) return;
    samples.push({ data, durationTicks: untilTicks - reachedTicks, compositionTicks: 0, sync: true });
    reachedTicks = untilTicks;
  };
  for (const cue of cues) {
    add(nothing, cue.startTicks);
    add(Buffer.concat(cue.blocks.map(writeBlock)), cue.endTicks);
  }
  add(nothing, endTicks);
  return writeFragment(trackId, startTicks, samples);
}

function writeBlock({ settings, text }: CueBlock): Uint8Array {
  const payload = writeBox('payl', Buffer.from(text));
  return settings === ''
    ? writeBox('vttc', payload)
    : writeBox('vttc', writeBox('sttg', Buffer.from(settings)), payload);
}

/** The cues of one fragment. Throws `Mp4Error`. */
export function readCues(fragment: Uint8Array, init: InitBase): Cue[] {
  return readFragment(fragment, init).samples.flatMap(({ offset, bytes, decodeTicks, durationTicks }) => {
    const blocks = readSample(fragment.subarray(offset, offset + bytes));
    return blocks.length > 0 ? [{ startTicks: decodeTicks, endTicks: decodeTicks + durationTicks, blocks }] : [];
  });
}

function readSample(sample: Uint8Array): CueBlock[] {
  const blocks: CueBlock[] = [];
  for (const box of readBoxes(sample, 0, sample.length)) {
    if (box.type !== 'vttc') continue;
    const block = { settings: '', text: '' };
    for (const part of readBoxes(sample, box.body, box.end)) {
      if (part.type === 'sttg') block.settings = textOf(sample, part);
      else if (part.type === 'payl') block.text = textOf(sample, part);
    }
    blocks.push(block);
  }
  return blocks;
}

function textOf(sample: Uint8Array, { body, end }: Box): string {
  return Buffer.from(sample.subarray(body, end)).toString('utf8');
}
