import type { Refusal } from '../errors.ts';

export interface CutRange {
  readonly inMs: number;
  /** One of the two. */
  readonly outMs?: number;
  readonly lastMs?: number;
  readonly epochMs?: number;
}

export interface CutSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly live: boolean;
  readonly epochMs: number;
  readonly parts: readonly { readonly startMs: number; readonly epochMs: number }[];
  readonly hasPicture: boolean;
  readonly frameRate: number;
  readonly gaps: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly hasSource: boolean;
}

export interface ClipRequest {
  readonly sourceEntryId: string;
  readonly parts: readonly (CutRange & { readonly entryId?: string })[];
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly createdBy: string | null;
}

/** What the control plane asks of clips and trims. */
export interface ClipControl {
  span(entryId: string): Promise<CutSpan | Refusal>;
  create(
    clip: ClipRequest,
  ): Promise<{ readonly entryId: string; readonly finished: Promise<Refusal | undefined> } | Refusal>;
  /** Where the parts of clips were, by the clip's id. */
  partsOf(
    entryIds: readonly string[],
  ): Promise<
    ReadonlyMap<string, readonly { readonly entryId: string; readonly inMs: number; readonly outMs: number }[]>
  >;
  trim(entryId: string, range: CutRange): Promise<Refusal | undefined>;
  undoTrim(entryId: string): Promise<Refusal | undefined>;
  keepTrim(entryId: string): Promise<Refusal | undefined>;
  /** What an entry plays is something else now. Returns what takes the listener away again. */
  onReplaced(listener: (entryId: string) => void): () => void;
}
