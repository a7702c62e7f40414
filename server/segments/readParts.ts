import type { Readable } from 'node:stream';
import type { StoredBytes } from './timelineReader.ts';

/** Parts of stored bytes, both ends of each inclusive, in their order. */
export async function readParts(
  bytes: StoredBytes,
  ranges: readonly { readonly start: number; readonly end: number }[],
): Promise<Buffer[]> {
  return (
    (await bytes.parts?.(ranges)) ?? (await Promise.all(ranges.map((range) => collectStream(bytes.stream(range)))))
  );
}

export async function collectStream(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
