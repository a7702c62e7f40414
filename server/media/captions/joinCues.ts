import type { Cue, CueBlock } from './cue.ts';

/** Cues that follow each other without a gap and say the same, as one. */
export function joinCues(cues: readonly Cue[]): Cue[] {
  const joined: Cue[] = [];
  for (const cue of cues) {
    const last = joined.at(-1);
    if (last && last.endTicks === cue.startTicks && isSame(last.blocks, cue.blocks)) {
      joined[joined.length - 1] = { ...last, endTicks: cue.endTicks };
    } else joined.push(cue);
  }
  return joined;
}

function isSame(a: readonly CueBlock[], b: readonly CueBlock[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ settings, text }, index) => settings === b[index]!.settings && text === b[index]!.text)
  );
}
