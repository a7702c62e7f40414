/**
 * A copy to be kept for long, with memory of its own: a view keeps all of what it was cut from, and a small buffer of
 * Node's pool keeps the pool's slab with all its neighbours.
 */
export function ownBytes(bytes: Uint8Array): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return own;
}
