import type { Profile } from '../../../shared/model/profile.ts';

/** A stream an encoder is advised to send; its place in the list, from 1, is the `<n>` of its name. */
export interface SuggestedStream {
  readonly videoBitrateKbps: number;
  readonly width: number;
  readonly height: number;
}

/** Nominal: Kaltura's default ingest flavors (source, Ingest_2, Ingest_3). */
const source: SuggestedStream = { videoBitrateKbps: 900, width: 640, height: 480 };
const others: readonly SuggestedStream[] = [
  { videoBitrateKbps: 400, width: 480, height: 360 },
  { videoBitrateKbps: 600, width: 640, height: 480 },
];

/** One stream where the server makes the renditions; where it makes none, the encoder is to send all of them. */
export function suggestedStreams({ flavors }: Pick<Profile, 'flavors'>): readonly SuggestedStream[] {
  return flavors.length > 0 ? [source] : [source, ...others];
}
