import type { Refusal } from '../errors.ts';

/** What the control plane asks of the pictures of entries; `recording/pictures/` implements it. Times as viewers see them. */
export interface PictureControl {
  /** Another one with each choice of a poster; undefined while it is chosen automatically. */
  posterVersion(entryId: string): string | undefined;
  choosePosterFrame(entryId: string, atMs: number): Promise<Refusal | undefined>;
  choosePosterImage(entryId: string, image: Uint8Array): Promise<Refusal | undefined>;
  removePoster(entryId: string): Promise<void>;
  peaks(request: {
    readonly entryId: string;
    readonly fromMs: number;
    readonly toMs?: number;
    readonly points: number;
  }): Promise<Waveform | Refusal>;
}

export interface Waveform {
  readonly fromMs: number;
  readonly toMs: number;
  readonly durationMs: number;
  readonly min: (number | null)[];
  readonly max: (number | null)[];
  readonly complete: boolean;
}
