import type { Dvr } from '../../shared/model/entry.ts';

/** What viewers can reach without DVR: enough for a player to start three segments behind the edge and to stall once. */
const liveWindowSeconds = 30;

/** Seconds of media behind the live edge that stay available. */
export function windowSecondsOf(dvr: Dvr): number {
  return dvr.enabled ? Math.max(dvr.windowMinutes * 60, liveWindowSeconds) : liveWindowSeconds;
}
