/** ISO/IEC 14496-3 table 4.85 */
const elements = { single: 0, pair: 1, lowFrequency: 3, end: 7 } as const;
type Element = (typeof elements)['single' | 'pair' | 'lowFrequency'];

const { single, pair, lowFrequency } = elements;

/** By number of channels, ISO/IEC 14496-3 table 1.19. */
const layouts: Record<number, readonly Element[]> = {
  1: [single],
  2: [pair],
  3: [single, pair],
  4: [single, pair, single],
  5: [single, pair, pair],
  6: [single, pair, pair, lowFrequency],
  8: [single, pair, pair, pair, lowFrequency],
};

/**
 * A raw_data_block of AAC that decodes to silence at any sample rate (ISO/IEC 14496-3 4.4.2.1): no scale factor bands,
 * so no spectrum. Undefined for a layout that has no number of its own.
 */
export function silentAacFrame(channels: number): Uint8Array | undefined {
  const layout = layouts[channels];
  if (!layout) return undefined;
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  const tags = new Map<Element, number>();
  for (const element of layout) {
    const tag = tags.get(element) ?? 0;
    tags.set(element, tag + 1);
    put(element, 3);
    put(tag, 4);
    if (element === pair) {
      put(1, 1); // common_window
      put(0, windowInfoBits);
      put(0, 2); // ms_mask_present
      put(0, channelBits);
      put(0, channelBits);
    } else {
      put(0, gainBits);
      put(0, windowInfoBits);
      put(0, toolBits);
    }
  }
  put(elements.end, 3);
  const frame = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => (frame[index >> 3]! |= bit << (7 - (index & 7))));
  return frame;
}

/** global_gain */
const gainBits = 8;
/** ics_info: ics_reserved_bit, window_sequence, window_shape, max_sfb, predictor_data_present */
const windowInfoBits = 1 + 2 + 1 + 6 + 1;
/** pulse_data_present, tns_data_present, gain_control_data_present */
const toolBits = 3;
/** individual_channel_stream of a pair that shares its window: without bands there is nothing between gain and tools. */
const channelBits = gainBits + toolBits;
