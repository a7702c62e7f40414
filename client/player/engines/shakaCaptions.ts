import { channelLabel, languageName } from './captionLabel.ts';
import type { TextTrackChoice } from './engine.ts';

/** What shaka says of a text track, as far as it is a choice. */
interface TextTrack {
  readonly id: number;
  readonly label: string | null;
  readonly language: string;
  readonly mimeType: string | null;
  readonly originalTextId: string | null;
}

/** Text tracks first, then what it reads out of the picture, which has a language but no name. */
export function textTrackChoices(tracks: readonly TextTrack[]): TextTrackChoice[] {
  return tracks
    .toSorted((a, b) => Number(isInside(a)) - Number(isInside(b)))
    .map((track) => ({ id: track.id, label: labelOf(track) }));
}

function labelOf(track: TextTrack): string {
  const { id, label, language, originalTextId } = track;
  const name = label ?? languageName(language);
  if (!isInside(track)) return name || `Text ${id}`;
  return channelLabel(name, (originalTextId ?? '').replace(/^svc/i, 'Service '));
}

function isInside({ mimeType }: TextTrack): boolean {
  return mimeType === 'application/cea-608' || mimeType === 'application/cea-708';
}
