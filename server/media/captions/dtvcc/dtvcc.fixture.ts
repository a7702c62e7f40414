/** Digital captions as an encoder sends them, so that tests need no captioning equipment. */

export interface NewWindow {
  readonly id?: number;
  readonly visible?: boolean;
  readonly priority?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly relative?: boolean;
  readonly vertical?: number;
  readonly horizontal?: number;
  readonly anchorPoint?: number;
  readonly windowStyle?: number;
  readonly penStyle?: number;
}

/** Codes of a service. */
export const dtvcc = {
  define: ({
    id = 0,
    visible = false,
    priority = 0,
    rows = 2,
    columns = 32,
    relative = false,
    vertical = 0,
    horizontal = 0,
    anchorPoint = 0,
    windowStyle = 1,
    penStyle = 1,
  }: NewWindow = {}) => [
    0x98 + id,
    (visible ? 0x20 : 0) | 0x18 | priority,
    (relative ? 0x80 : 0) | vertical,
    horizontal,
    (anchorPoint << 4) | (rows - 1),
    columns - 1,
    (windowStyle << 3) | penStyle,
  ],
  current: (id: number) => [0x80 + id],
  clear: (...ids: number[]) => [0x88, bits(ids)],
  display: (...ids: number[]) => [0x89, bits(ids)],
  hide: (...ids: number[]) => [0x8a, bits(ids)],
  toggle: (...ids: number[]) => [0x8b, bits(ids)],
  delete: (...ids: number[]) => [0x8c, bits(ids)],
  delay: (tenths: number) => [0x8d, tenths],
  cancelDelay: [0x8e],
  reset: [0x8f],
  pen: ({ tag = 0, italic = false, underlined = false }) => [
    0x90,
    (tag << 4) | 5,
    (italic ? 0x80 : 0) | (underlined ? 0x40 : 0),
  ],
  penColor: [0x91, 0x3f, 0x00, 0x00],
  place: (row: number, column = 0) => [0x92, row, column],
  justify: (justification: number) => [0x97, 0x00, 0x00, justification, 0x00],
  backspace: [0x08],
  formFeed: [0x0c],
  carriageReturn: [0x0d],
  restartRow: [0x0e],
  text: (text: string) => Array.from(text, (character) => character.charCodeAt(0)),
} as const;

function bits(ids: readonly number[]): number {
  return ids.reduce((all, id) => all | (1 << id), 0);
}

/** A pop-on caption as broadcasters send it: written into a hidden window, which then takes the place of others. */
export function digitalPopOn(id: number, others: readonly number[], ...lines: readonly string[]): number[][] {
  const place = { vertical: 70, horizontal: 105, anchorPoint: 7, windowStyle: 3 };
  return [
    dtvcc.define({ id, rows: Math.max(1, lines.length), ...place }),
    ...lines.flatMap((line, row) => [dtvcc.place(row), dtvcc.text(line)]),
    dtvcc.delete(...others),
    dtvcc.display(id),
  ];
}

export interface ServiceCodes {
  readonly service?: number;
  readonly codes: readonly number[];
}

const largestBlockBytes = 31;

/** A service block, with its header. */
export function serviceBlock({ service = 1, codes }: ServiceCodes): number[] {
  if (codes.length > largestBlockBytes) throw new RangeError('That does not fit into a service block.');
  return service < 7 ? [(service << 5) | codes.length, ...codes] : [0xe0 | codes.length, service, ...codes];
}

/** Triplets of a packet with these bytes after its header. */
export function dtvccPacket(sequence: number, blocks: readonly number[]): Uint8Array {
  const padding = blocks.length % 2 === 0 ? [0] : [];
  const bytes = [(sequence << 6) | (((blocks.length + 2) >> 1) & 0x3f), ...blocks, ...padding];
  return Uint8Array.from(
    bytes.flatMap((byte, index) => (index % 2 === 1 ? [byte] : [index === 0 ? 0xff : 0xfe, byte])),
  );
}

/** Makes packets that are counted. */
export class DtvccEncoder {
  #sequence = 0;

  /** One for each command or text. */
  packets(commands: readonly (readonly number[])[], service = 1): Uint8Array[] {
    return commands.map((codes) => this.packet([{ service, codes }]));
  }

  packet(blocks: readonly ServiceCodes[]): Uint8Array {
    const packet = dtvccPacket(this.#sequence, blocks.flatMap(serviceBlock));
    this.#sequence = (this.#sequence + 1) & 3;
    return packet;
  }
}
