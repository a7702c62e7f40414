/** A part of a segment: one of its stored fragments. */
export interface PartAddress {
  readonly trackId: string;
  readonly sequence: number;
  readonly part: number;
}

const shape = /^([\w-]{8})\/([a-z0-9]{1,16})\/(\d{1,15})\.(\d{1,5})\.m4s$/;

/** Undefined for anything that is not exactly a part's path. */
export function parsePartPath(path: string): (PartAddress & { readonly tag: string }) | undefined {
  const match = shape.exec(path);
  if (!match) return undefined;
  const [, tag = '', trackId = '', sequence, part] = match;
  return { tag, trackId, sequence: Number(sequence), part: Number(part) };
}

export function partPath(tag: string, { trackId, sequence, part }: PartAddress): string {
  return `${tag}/${trackId}/${sequence}.${part}.m4s`;
}
