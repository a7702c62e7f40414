import { Mp4Error, readBox, readBoxes, uint32At, type Box } from './box.ts';
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
        return boxOf('avcC', [avcC]);
      case 'tkhd':
        return trackHeader(box);
      default:
        return init.subarray(box.start, box.end);
    }
  };
  const container = (box: Box, firstChild: number, drop: readonly string[] = []) => {
    const children = [...readBoxes(init, firstChild, box.end)].filter((child) => !drop.includes(child.type));
    return boxOf(box.type, [init.subarray(box.body, firstChild), ...children.map(patch)]);
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
  const patched = concat(boxes.map(patch));
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

function boxOf(type: string, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(8);
  const bytes = parts.reduce((sum, part) => sum + part.length, 8);
  new DataView(header.buffer).setUint32(0, bytes);
  for (let index = 0; index < 4; index++) header[4 + index] = type.charCodeAt(index);
  return concat([header, ...parts]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
