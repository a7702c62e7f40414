import { channelLabel, languageName } from './captionLabel.ts';
import type { TextTrackChoice } from './engine.ts';

/** What shaka says of a text track, as far as it is a choice. */
export interface TextTrack {
  readonly id: number;
  readonly label: string | null;
  readonly language: string;
  readonly mimeType: string | null;
  readonly originalTextId: string | null;
}

/** Text first, then what it reads out of the picture, which has a language but no name. */
export function orderTextTracks<T extends TextTrack>(tracks: readonly T[]): T[] {
  return tracks.toSorted((a, b) => Number(isInside(a)) - Number(isInside(b)));
}

/** By their places in that order: shaka gives them other ids each time it reads a manifest. */
export function textTrackChoices(tracks: readonly TextTrack[]): TextTrackChoice[] {
  return orderTextTracks(tracks).map((track, id) => ({ id, label: labelOf(track) }));
}

function labelOf(track: TextTrack): string {
  const { id, label, language, originalTextId } = track;
  const name = label ?? languageName(language);
  if (!isInside(track)) return name || `Text ${id}`;
  return channelLabel(name, (originalTextId ?? '').replace(/^svc/i, 'Service '));
}

export function isInside({ mimeType }: TextTrack): boolean {
  return mimeType === 'application/cea-608' || mimeType === 'application/cea-708';
}
