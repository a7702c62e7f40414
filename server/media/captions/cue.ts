/** A text and where it stands, as WebVTT writes both. */
export interface CueBlock {
  /** WebVTT cue settings; empty for the usual place. */
  readonly settings: string;
  /** WebVTT cue text, escaped. */
  readonly text: string;
}

/** What is on the screen for a while. */
export interface Cue {
  readonly startTicks: number;
  readonly endTicks: number;
  /** At least one. */
  readonly blocks: readonly CueBlock[];
}

export function escapeCueText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
