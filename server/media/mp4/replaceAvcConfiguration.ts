import { Mp4Error, readBox, readBoxes, uint32At, type Box } from './box.ts';
import { concatBytes, writeBox } from './boxWriter.ts';
import { visualEntryBytes } from './initSegment.ts';

/** The same init segment for other parameter sets (AVCDecoderConfigurationRecord) and another size. */
export function replaceAvcConfiguration(
  init: Uint8Array,
  avcC: Uint8Array,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  const patch = (box: Box): Uint8Array => {
    switch (box.type) {
      case 'moov':
      case 'trak':
      case 'mdia':
      case 'minf':
      case 'stbl':
        return container(box, box.body);
      case 'stsd':
        return container(box, box.body + 8);
      case 'avc1':
      case 'avc3':
        return sampleEntry(box);
      case 'avcC':
        return writeBox('avcC', avcC);
      case 'tkhd':
        return trackHeader(box);
      default:
        return init.subarray(box.start, box.end);
    }
  };
  const container = (box: Box, firstChild: number, drop: readonly string[] = []) => {
    const children = [...readBoxes(init, firstChild, box.end)].filter((child) => !drop.includes(child.type));
    return writeBox(box.type, init.subarray(box.body, firstChild), ...children.map(patch));
  };
  const sampleEntry = (box: Box) => {
    // Shape and colour were those of the old parameter sets; the new ones speak for themselves.
    const entry = container(box, box.body + visualEntryBytes, ['pasp', 'colr', 'clap']);
    const view = new DataView(entry.buffer);
    view.setUint16(8 + 24, width);
    view.setUint16(8 + 26, height);
    return entry;
  };
  const trackHeader = (box: Box) => {
    if (box.end - box.body < 84) throw new Mp4Error('tkhd ends early');
    const header = new Uint8Array(init.subarray(box.start, box.end));
    const view = new DataView(header.buffer);
    // Fixed point 16.16, the last two fields.
    view.setUint32(header.length - 8, width * 65536);
    view.setUint32(header.length - 4, height * 65536);
    return header;
  };
  const boxes = [...readBoxes(init, 0, init.length)];
  const patched = concatBytes(boxes.map(patch));
  requireAvcEntry(patched);
  return patched;
}

function requireAvcEntry(init: Uint8Array): void {
  const path = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];
  let range = { start: 0, end: init.length };
  for (const type of path) {
    const box = [...readBoxes(init, range.start, range.end)].find((candidate) => candidate.type === type);
    if (!box) throw new Mp4Error(`init segment has no ${type}`);
    range = { start: box.body, end: box.end };
  }
  const entry = readBox(init, range.start + 8, range.end);
  if (!entry.type.startsWith('avc') || uint32At(init, range.start + 4) !== 1) throw new Mp4Error('not an AVC track');
}
