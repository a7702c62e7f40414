/** A box of the given parts. */
export function writeBox(type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(8);
  const bytes = parts.reduce((sum, part) => sum + part.length, 8);
  new DataView(header.buffer).setUint32(0, bytes);
  for (let index = 0; index < 4; index++) header[4 + index] = type.charCodeAt(index);
  return concatBytes([header, ...parts]);
}

/** Big-endian 32-bit numbers; negative ones as two's complement. */
export function words(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint32(index * 4, value));
  return bytes;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
