/** A publish name taken apart: which entry, and which of its streams (1 is the first, or the only one). */
export interface StreamName {
  readonly entryId: string;
  readonly index: number;
}

/**
 * `<entryId>`, `<entryId>_<n>`, or `<entryId>_%i` as encoders send it that do not expand `%i`.
 * Undefined for anything else.
 */
export function parseStreamName(name: string): StreamName | undefined {
  const match = /^(0_[a-z0-9]{8})(?:_(%i|[1-9]\d?))?$/.exec(name);
  if (!match?.[1]) return undefined;
  const index = match[2] === undefined || match[2] === '%i' ? 1 : Number(match[2]);
  return { entryId: match[1], index };
}
