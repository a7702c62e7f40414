import type { Entry } from '../../../shared/model/entry.ts';
import { isBroadcasting } from '../../../shared/model/state.ts';

/** Why something cannot be cut, for people. `profileId` is where it can be changed. */
export interface CutHindrance {
  readonly reason: string;
  readonly profileId?: string;
}

interface Rendition {
  readonly id: string;
  readonly kind: string;
}

/** The publisher's own picture, from which cut edges are made. */
const sourceRendition = 'v0';

/** Why no clip can be made of an entry now; undefined when one can. */
export function clipHindrance(entry: Entry, renditions: readonly Rendition[]): CutHindrance | undefined {
  if (entry.type === 'manual') return { reason: 'This stream is served elsewhere.' };
  if (renditions.length === 0) return { reason: nothingYet(entry) };
  const hasPicture = renditions.some(({ kind }) => kind === 'video');
  if (!hasPicture || renditions.some(({ id }) => id === sourceRendition)) return undefined;
  return {
    reason: 'Cutting needs the source, and this profile does not keep it.',
    ...(entry.profileId && { profileId: entry.profileId }),
  };
}

/** Why a video cannot be trimmed now. */
export function trimHindrance(
  entry: Entry & { type: 'video' },
  renditions: readonly Rendition[],
): CutHindrance | undefined {
  if (entry.status === 'recording') return { reason: 'It is still being recorded; it can be trimmed afterwards.' };
  return clipHindrance(entry, renditions);
}

function nothingYet(entry: Exclude<Entry, { type: 'manual' }>): string {
  if (entry.type === 'video')
    return entry.status === 'failed' ? 'There is nothing in it to cut.' : 'It is not ready yet.';
  return isBroadcasting(entry.state) ? 'The first seconds are on their way.' : 'Nothing has been broadcast yet.';
}
