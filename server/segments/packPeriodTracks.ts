import type { Track } from '../media/track.ts';
import type { PeriodRow } from './segmentTables.ts';
import type { StoredPeriod } from './storedPeriod.ts';

type PackedTrack = Track & { readonly initBytes: number };

/** JSON for the index: the tracks, each with the length of its init segment. */
export function packPeriodTracks({ tracks, initBytes }: Pick<StoredPeriod, 'tracks' | 'initBytes'>): string {
  return JSON.stringify(tracks.map((track): PackedTrack => ({ ...track, initBytes: initBytes[track.id] ?? 0 })));
}

export function unpackPeriod(row: PeriodRow): StoredPeriod {
  const packed = JSON.parse(row.tracks) as PackedTrack[];
  return {
    folder: row.folder,
    startMs: row.start_ms,
    tracks: packed.map(({ initBytes: _bytes, ...track }): Track => track),
    initBytes: Object.fromEntries(packed.map(({ id, initBytes }) => [id, initBytes])),
  };
}
