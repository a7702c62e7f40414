import type { SourceRole } from '../../shared/model/ingestSource.ts';

/** A publisher as the choice sees it. */
export interface Candidate {
  readonly role: SourceRole;
  /** Its tracks are known and it may be read. */
  readonly ready: boolean;
  /** Unix ms of its last media. */
  readonly lastMediaAtMs: number;
  /** Unix ms since which its media have come without a stall. */
  readonly steadySinceMs: number;
  /** Unix ms before which it is not to be read. */
  readonly heldUntilMs: number;
}

export interface ChoiceRules {
  /** Without media for this long, a source has stalled. */
  readonly stallMs: number;
  /** A primary that returns takes over again once it has been steady for this long. */
  readonly steadyMs: number;
}

export function hasStalled(candidate: Candidate, nowMs: number, { stallMs }: ChoiceRules): boolean {
  return nowMs - candidate.lastMediaAtMs > stallMs;
}

/**
 * Which source should be on air: the one that is, while it is sound; else another that is; the primary again when it
 * has proved itself. A stalled source stays as long as there is nothing better.
 */
export function chooseSource<T extends Candidate>(
  candidates: readonly T[],
  onAir: T | undefined,
  nowMs: number,
  rules: ChoiceRules,
): T | undefined {
  const ready = candidates.filter((candidate) => candidate.ready && nowMs >= candidate.heldUntilMs);
  const sound = ready.filter((candidate) => !hasStalled(candidate, nowMs, rules));
  const primary = sound.find(({ role }) => role === 'primary');
  if (onAir && sound.includes(onAir)) {
    const takesOver = primary && primary !== onAir && nowMs - primary.steadySinceMs >= rules.steadyMs;
    return takesOver ? primary : onAir;
  }
  if (primary ?? sound[0]) return primary ?? sound[0];
  return onAir && ready.includes(onAir) ? onAir : ready[0];
}
